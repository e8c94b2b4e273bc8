/** @jest-environment jsdom */
require('../jest/in-jsdom.js')
