/** All that is stored, in one file of SQLite: users, sessions, rooms and messages. No online message gets here. */
import sqlite from 'node-sqlite3-wasm'
import type { History, Message, Room, User } from '../shared.ts'

/** The newest messages of a room that a client gets. */
const SHOWN_MESSAGES = 100

const schema = `
  CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT UNIQUE COLLATE NOCASE, password TEXT);
  CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, data TEXT, expires INTEGER);
  CREATE TABLE IF NOT EXISTS rooms (id TEXT PRIMARY KEY, name TEXT);
  CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, room TEXT REFERENCES rooms, author INTEGER REFERENCES users, text TEXT, sent INTEGER
  );
  CREATE INDEX IF NOT EXISTS messages_of_room ON messages (room, id);
  CREATE TABLE IF NOT EXISTS secret (value TEXT);
  INSERT INTO secret SELECT hex(randomblob(32)) WHERE NOT EXISTS (SELECT 1 FROM secret);
  INSERT OR IGNORE INTO rooms VALUES ('general', 'General'), ('lunch', 'Lunch'), ('music', 'Music');
`

interface UserRow {
  readonly id: number
  readonly name: string
  readonly password: string
}

interface MessageRow {
  readonly id: number
  readonly room: string
  readonly author: number
  readonly name: string
  readonly text: string
  readonly sent: number
}

const toMessage = (row: MessageRow): Message => ({
  id: row.id,
  roomId: row.room,
  author: { id: String(row.author), name: row.name },
  text: row.text,
  sentAt: row.sent,
})

const selectMessages = `
  SELECT messages.id, room, author, users.name, text, sent FROM messages JOIN users ON users.id = author
`

export type Store = ReturnType<typeof openStore>

export function openStore(file: string) {
  const database = new sqlite.Database(file)
  database.exec(schema)

  const rows = <Row>(sql: string, values: (string | number)[]) => database.all(sql, values) as unknown as Row[]

  const newestMessagesOf = (roomId: string) =>
    rows<MessageRow>(`${selectMessages} WHERE room = ? ORDER BY messages.id DESC LIMIT ?`, [roomId, SHOWN_MESSAGES])

  return {
    /** Signs the cookies. */
    secret: rows<{ value: string }>('SELECT value FROM secret', [])[0]!.value,

    findUser: (name: string) => rows<UserRow>('SELECT * FROM users WHERE name = ?', [name]).at(0),

    /** Does nothing when somebody has the name. */
    addUser: (name: string, password: string) =>
      database.run('INSERT INTO users (name, password) VALUES (?, ?) ON CONFLICT DO NOTHING', [name, password]),

    hasRoom: (id: string) => rows('SELECT 1 FROM rooms WHERE id = ?', [id]).length > 0,

    history(): History {
      const rooms = rows<Room>('SELECT id, name FROM rooms ORDER BY rowid', [])
      const messages = rooms.flatMap(({ id }) => newestMessagesOf(id)).map(toMessage)
      return { rooms, messages }
    },

    addMessage(roomId: string, author: User, text: string): Message {
      const { lastInsertRowid } = database.run('INSERT INTO messages (room, author, text, sent) VALUES (?, ?, ?, ?)', [
        roomId,
        author.id,
        text,
        Date.now(),
      ])
      return toMessage(rows<MessageRow>(`${selectMessages} WHERE messages.id = ?`, [Number(lastInsertRowid)])[0]!)
    },

    session: (id: string) =>
      rows<{ data: string }>('SELECT data FROM sessions WHERE id = ? AND expires > ?', [id, Date.now()]).at(0)?.data,

    saveSession(id: string, data: string, expires: number) {
      database.run('DELETE FROM sessions WHERE expires <= ?', [Date.now()])
      database.run('INSERT OR REPLACE INTO sessions VALUES (?, ?, ?)', [id, data, expires])
    },

    deleteSession: (id: string) => database.run('DELETE FROM sessions WHERE id = ?', [id]),

    close: () => database.close(),
  }
}
