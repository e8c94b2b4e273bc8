module.exports = require('react-online-message')
