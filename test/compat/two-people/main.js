import 'react-online-message/styles.css'
import './start.js'
