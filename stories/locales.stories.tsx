import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactNode } from 'react'
import { expect } from 'storybook/test'
import { type Activity, formatTyping, type TypingLocale } from '../src/index.ts'
import { direction, endonym, LANGUAGES, typing } from './languages.ts'
import './locales.css'

const meta: Meta = {
  title: 'TypingBadge/Languages',
  parameters: {
    docs: {
      canvas: { sourceState: 'none' },
      description: {
        component:
          'What the badge says, in every language of `react-online-message/locales`. Give one to the provider: `<OnlineMessageProvider client={client} locale={ja}>`. A bundle contains English and the languages that the app imports.',
      },
    },
  },
}
export default meta

type FormatIn = (locale: TypingLocale) => string

const oneToOne =
  (activity: Activity): FormatIn =>
  (locale) =>
    formatTyping({ ...typing(locale, 1, 1, activity), conversation: { user: 'u' } }, locale)
const group =
  (named: number, total: number): FormatIn =>
  (locale) =>
    formatTyping(typing(locale, named, total), locale)

/** A row for each language, a column for each situation, and in each cell the sentences of the badge. */
function Languages({ caption, columns }: { readonly caption: string; readonly columns: Record<string, FormatIn[]> }) {
  return (
    <div className="languages" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Language</th>
            {Object.keys(columns).map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Object.entries(LANGUAGES).map(([name, locale]) => (
            <tr key={name}>
              <th scope="row">
                <span lang={locale.tag}>{endonym(locale)}</span> <small>{name}</small>
              </th>
              {Object.entries(columns).map(([column, formats]) => (
                <td key={column} lang={locale.tag} dir={direction(locale)}>
                  {formats.map((format, index): ReactNode => (
                    <p key={index}>{format(locale)}</p>
                  ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** One-to-one there is no name. In a group there are two names at most, and the others are counted. */
export const WhoTypes: StoryObj = {
  render: () => (
    <Languages
      caption="Who is typing"
      columns={{
        'One-to-one': [oneToOne('typing')],
        One: [group(1, 1)],
        Two: [group(2, 2)],
        'A crowd': [group(2, 3), group(2, 7), group(2, 1234)],
        'Without names': [group(0, 1), group(0, 2), group(0, 5), group(0, 21)],
      }}
    />
  ),
  play: async ({ canvas }) => {
    await expect(canvas.getByText('The other party is typing…')).toBeVisible()
    await expect(canvas.getByText('对方正在输入…')).toBeVisible()
    await expect(canvas.getAllByRole('rowheader')).toHaveLength(27)
  },
}

/** Activities other than typing, shown with `startActivity`. */
export const WhatTheyDo: StoryObj = {
  render: () => (
    <Languages
      caption="What they are doing"
      columns={{
        recording: [oneToOne('recording')],
        photo: [oneToOne('photo')],
        video: [oneToOne('video')],
        file: [oneToOne('file')],
        sticker: [oneToOne('sticker')],
        thinking: [oneToOne('thinking')],
      }}
    />
  ),
  play: async ({ canvas }) => {
    await expect(canvas.getByText('The other party is sending a photo…')).toBeVisible()
    await expect(canvas.getByText('对方正在发送图片…')).toBeVisible()
  },
}
