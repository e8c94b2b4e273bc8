/** @jest-environment node */
require('../jest/in-node.js')
