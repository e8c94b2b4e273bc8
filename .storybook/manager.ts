import { addons } from 'storybook/manager-api'

/** The live stories get the whole window, because they have no controls. */
addons.setConfig({
  layoutCustomisations: {
    showPanel: ({ storyId }, shown) => shown && !storyId.startsWith('live-'),
  },
})
