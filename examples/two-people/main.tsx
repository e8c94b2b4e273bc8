import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { liveServer } from './socket.ts'
import { TwoPeople } from './two-people.tsx'
import '../../src/react/badge/styles.css'

const only = new URLSearchParams(location.search).get('only')

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <TwoPeople server={liveServer} only={only} pageOf={({ id }) => `?only=${id}`}>
      <p>
        All states of the badge and all hooks: <code>npm run storybook</code>
      </p>
    </TwoPeople>
  </StrictMode>,
)
