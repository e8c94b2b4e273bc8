import { addons } from 'storybook/manager-api'

/** The whole window for two people on their screens: there is nothing in the panel to control. */
addons.setConfig({
  layoutCustomisations: {
    showPanel: ({ storyId }, shown) => shown && !storyId.startsWith('live-'),
  },
})
