import { Links, Meta, Outlet, Scripts } from 'react-router'
import 'react-online-message/styles.css'

export const links = () => [{ rel: 'icon', href: 'data:,' }]

export default function Root() {
  return (
    <html lang="en">
      <head>
        <title>Two people</title>
        <Meta />
        <Links />
      </head>
      <body>
        <Outlet />
        <Scripts />
      </body>
    </html>
  )
}
