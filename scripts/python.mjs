/** Finds a Python that runs examples/python-client: the one named by PYTHON, else one that has python-socketio. */
import { spawnSync } from 'node:child_process'

const names = process.env.PYTHON ? [process.env.PYTHON] : ['python3', '/usr/bin/python3', 'python']

const runs = (python) => spawnSync(python, ['-c', 'import socketio, websocket'], { stdio: 'ignore' }).status === 0

/** Its name or path, or `undefined` when there is none. */
export const findPython = () => names.find(runs)
