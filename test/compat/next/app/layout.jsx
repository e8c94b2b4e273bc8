import 'react-online-message/styles.css'

export const metadata = { title: 'Two people', icons: { icon: 'data:,' } }

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
