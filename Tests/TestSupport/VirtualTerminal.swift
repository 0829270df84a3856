/// A terminal emulator for tests: fed with the bytes a program sent, it holds the grid a user sees.
///
/// Written from the standards (ECMA-48, xterm's control sequences), independently of the code under
/// test; what it does not know it reports in ``unknown``.
public struct VirtualTerminal {
  public struct Attributes: Hashable, Sendable {
    public var bold = false
    public var dim = false
    public var underline = false
    public var reverse = false
    /// Palette entries; `nil` is the terminal's own colour.
    public var foreground: Int?
    public var background: Int?
    public init() {}
  }

  public struct Cell: Sendable {
    /// Scalars of the character and its marks; empty in the right half of a wide one.
    public var text: [Unicode.Scalar] = [" "]
    public var isWide = false
    public var attributes = Attributes()
  }

  public private(set) var width: Int
  public private(set) var height: Int
  public private(set) var cells: [[Cell]]
  public private(set) var column = 0
  public private(set) var row = 0
  public private(set) var isCursorVisible = true
  public private(set) var isAlternate = false
  public private(set) var isBracketedPaste = false
  /// Sequences that were not understood.
  public private(set) var unknown: [String] = []

  private let erasesWithColour: Bool
  private var attributes = Attributes()
  private var wraps = false
  private var inserts = false
  private var saved = (row: 0, column: 0, wraps: false, attributes: Attributes())
  private var top = 0
  private var bottom: Int
  private var last: [Unicode.Scalar] = [" "]
  private var state = State.ground
  private var utf8: [UInt8] = []
  private var utf8Length = 0

  private enum State {
    case ground
    case escape
    case charset
    case control([UInt8])
    case string
  }

  /// - Parameter erasesWithColour: whether erased cells take the background colour (`bce`).
  public init(width: Int, height: Int, erasesWithColour: Bool) {
    self.width = width
    self.height = height
    self.erasesWithColour = erasesWithColour
    cells = Array(repeating: Array(repeating: Cell(), count: width), count: height)
    bottom = height - 1
  }

  /// Changes the size; what is cut off is gone.
  public mutating func resize(width: Int, height: Int) {
    var grid = Array(repeating: Array(repeating: Cell(), count: width), count: height)
    for y in 0..<min(height, self.height) {
      for x in 0..<min(width, self.width) { grid[y][x] = cells[y][x] }
      if let last = grid[y].last, last.isWide { grid[y][width - 1] = Cell() }
    }
    (self.width, self.height, cells) = (width, height, grid)
    (top, bottom) = (0, height - 1)
    (column, row, wraps) = (min(column, width - 1), min(row, height - 1), false)
  }

  /// The grid as text, spaces at the ends of lines left out.
  public var text: String {
    cells.map { line in
      var text = String.UnicodeScalarView()
      for cell in line { text.append(contentsOf: cell.text) }
      while text.last == " " { text.removeLast() }
      return String(text)
    }.joined(separator: "\n")
  }

  public mutating func feed(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { take(byte) }
  }

  private mutating func take(_ byte: UInt8) {
    switch state {
    case .ground: takeGround(byte)
    case .charset: state = .ground
    case .string: if byte == 7 || byte == 0x5C { state = .ground }
    case .escape: takeEscape(byte)
    case .control(let parameters):
      if (0x40...0x7E).contains(byte) {
        state = .ground
        perform(byte, parameters)
      } else {
        state = .control(parameters + [byte])
      }
    }
  }

  private mutating func takeGround(_ byte: UInt8) {
    if utf8Length > 0 {
      utf8.append(byte)
      if utf8.count == utf8Length {
        let text = String(decoding: utf8, as: UTF8.self)
        utf8Length = 0
        for scalar in text.unicodeScalars { print(scalar) }
      }
      return
    }
    switch byte {
    case 7, 0x0E, 0x0F: break
    case 8: (column, wraps) = (max(0, column - 1), false)
    case 9: (column, wraps) = (min(width - 1, (column / 8 + 1) * 8), false)
    case 0x0A: lineFeed()
    case 0x0D: (column, wraps) = (0, false)
    case 0x1B: state = .escape
    case 0x20..<0x7F: print(Unicode.Scalar(byte))
    case 0xC0...:
      utf8 = [byte]
      utf8Length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    default: unknown.append("byte \(byte)")
    }
  }

  private mutating func takeEscape(_ byte: UInt8) {
    state = .ground
    switch Character(Unicode.Scalar(byte)) {
    case "[": state = .control([])
    case "]", "P", "_", "^": state = .string
    case "(", ")", "*", "+": state = .charset
    case "M":
      if row == top { scroll(by: -1) } else { row = max(0, row - 1) }
    case "7": saved = (row, column, wraps, attributes)
    case "8": (row, column, wraps, attributes) = saved
    case "=", ">", "\\": break
    default: unknown.append("ESC \(byte)")
    }
  }

  private mutating func lineFeed() {
    wraps = false
    if row == bottom { scroll(by: 1) } else { row = min(height - 1, row + 1) }
  }

  private var blank: Cell {
    var cell = Cell()
    if erasesWithColour { cell.attributes.background = attributes.background }
    return cell
  }

  private mutating func scroll(by lines: Int) {
    let empty = Array(repeating: blank, count: width)
    for _ in 0..<abs(lines) {
      if lines > 0 {
        cells.remove(at: top)
        cells.insert(empty, at: bottom)
      } else {
        cells.remove(at: bottom)
        cells.insert(empty, at: top)
      }
    }
  }

  /// Columns by Unicode's own properties.
  static func columns(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1160...0x11FF, 0xD7B0...0xD7FB: return 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x3247, 0x3248...0xA4C6, 0xA960...0xA97C,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60,
      0xFFE0...0xFFE6, 0x1B000...0x1B2FB, 0x17000...0x18CD5, 0x1F200...0x1F265,
      0x20000...0x3FFFD:
      return scalar.value == 0x303F ? 1 : 2
    default:
      return scalar.properties.isEmojiPresentation && scalar.value < 0x1F1E6
        || scalar.properties.isEmojiPresentation && scalar.value > 0x1F1FF ? 2 : 1
    }
  }

  private mutating func print(_ scalar: Unicode.Scalar) {
    let columns = Self.columns(of: scalar)
    if columns == 0 {
      join(scalar)
      return
    }
    if wraps {
      (column, wraps) = (0, false)
      lineFeed()
    }
    // A wide character does not fit into the last column.
    if inserts { for _ in 0..<columns { insertBlank() } }
    if columns == 2, column == width - 1 { unknown.append("wide character in the last column") }
    separate(column)
    cells[row][column] = Cell(text: [scalar], isWide: columns == 2, attributes: attributes)
    if columns == 2, column + 1 < width {
      separate(column + 1)
      cells[row][column + 1] = Cell(text: [], isWide: false, attributes: attributes)
    }
    last = [scalar]
    column += columns
    if column >= width { (column, wraps) = (width - 1, true) }
  }

  /// Adds a mark to the character before the cursor.
  private mutating func join(_ mark: Unicode.Scalar) {
    var x = wraps ? column : column - 1
    if x >= 0, cells[row][x].text.isEmpty { x -= 1 }
    guard x >= 0 else {
      unknown.append("mark without a base")
      return
    }
    cells[row][x].text.append(mark)
    last.append(mark)
  }

  /// Blanks the other half of a wide character at `x`.
  private mutating func separate(_ x: Int) {
    if cells[row][x].text.isEmpty, x > 0 {
      cells[row][x - 1].text = [" "]
      cells[row][x - 1].isWide = false
    } else if cells[row][x].isWide, x + 1 < width {
      cells[row][x + 1].text = [" "]
    }
  }

  private mutating func erase(_ columns: Range<Int>) {
    guard !columns.isEmpty else { return }
    separate(columns.lowerBound)
    separate(columns.upperBound - 1)
    for x in columns { cells[row][x] = blank }
  }

  private mutating func insertBlank() {
    separate(column)
    cells[row].insert(blank, at: column)
    cells[row].removeLast()
    if cells[row][width - 1].isWide { cells[row][width - 1] = blank }
  }

  private mutating func perform(_ final: UInt8, _ parameters: [UInt8]) {
    let text = String(decoding: parameters, as: UTF8.self)
    let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    func number(_ index: Int, or standard: Int = 1) -> Int {
      index < numbers.count && numbers[index] > 0 ? numbers[index] : standard
    }
    let name = Character(Unicode.Scalar(final))
    if text.hasPrefix("?") || text.hasPrefix(">") {
      mode(name, text)
      return
    }
    if name != "m" && name != "h" && name != "l" && name != "b" { wraps = false }
    switch name {
    case "A": row = max(top, row - number(0))
    case "B": row = min(bottom, row + number(0))
    case "C": column = min(width - 1, column + number(0))
    case "D": column = max(0, column - number(0))
    case "G": column = min(width, number(0)) - 1
    case "d": row = min(height, number(0)) - 1
    case "H", "f": (row, column) = (min(height, number(0)) - 1, min(width, number(1)) - 1)
    case "J":
      if number(0, or: 0) == 0 {
        erase(column..<width)
        for y in (row + 1)..<max(row + 1, height) {
          cells[y] = Array(repeating: blank, count: width)
        }
      } else if number(0) == 2 {
        cells = Array(repeating: Array(repeating: blank, count: width), count: height)
      } else {
        unknown.append("CSI \(text)J")
      }
    case "K":
      switch number(0, or: 0) {
      case 0: erase(column..<width)
      case 1: erase(0..<column + 1)
      default: erase(0..<width)
      }
    case "X": erase(column..<min(width, column + number(0)))
    case "P":
      separate(column)
      for _ in 0..<min(number(0), width - column) {
        if cells[row][column].isWide { separate(column) }
        cells[row].remove(at: column)
        cells[row].append(blank)
        if cells[row][column].text.isEmpty { cells[row][column].text = [" "] }
      }
    case "@":
      for _ in 0..<min(number(0), width - column) { insertBlank() }
    case "L", "M":
      let outer = top
      top = row
      scroll(by: name == "L" ? -number(0) : number(0))
      top = outer
    case "S": scroll(by: number(0))
    case "T": scroll(by: -number(0))
    case "b":
      let scalars = last
      for _ in 0..<number(0) { for scalar in scalars { print(scalar) } }
    case "r":
      (top, bottom) = (number(0) - 1, number(1, or: height) - 1)
      (row, column) = (0, 0)
    case "m": select(numbers)
    case "t": break
    case "h", "l":
      // 4 inserts; 34 is the shape of the cursor.
      if text == "4" {
        inserts = name == "h"
      } else if text != "34" {
        unknown.append("CSI \(text)\(name)")
      }
    default: unknown.append("CSI \(text)\(name)")
    }
  }

  private mutating func mode(_ name: Character, _ text: String) {
    let isOn = name == "h"
    for number in text.dropFirst().split(separator: ";") {
      switch (number, name) {
      case ("25", "h"), ("25", "l"): isCursorVisible = isOn
      case ("1049", "h"), ("1049", "l"):
        isAlternate = isOn
        cells = Array(repeating: Array(repeating: Cell(), count: width), count: height)
      case ("2004", "h"), ("2004", "l"): isBracketedPaste = isOn
      case ("1", _), ("7", _), ("12", _), ("3", _), ("0", "c"), ("8", "c"): break
      default: unknown.append("CSI \(text)\(name)")
      }
    }
  }

  private mutating func select(_ numbers: [Int]) {
    var index = 0
    while index < numbers.count {
      let number = numbers[index]
      switch number {
      case 0: attributes = Attributes()
      case 10, 11: break  // fonts
      case 1: attributes.bold = true
      case 2: attributes.dim = true
      case 4: attributes.underline = true
      case 7: attributes.reverse = true
      case 22: (attributes.bold, attributes.dim) = (false, false)
      case 24: attributes.underline = false
      case 27: attributes.reverse = false
      case 30...37: attributes.foreground = number - 30
      case 39: attributes.foreground = nil
      case 40...47: attributes.background = number - 40
      case 49: attributes.background = nil
      case 90...97: attributes.foreground = number - 82
      case 100...107: attributes.background = number - 92
      case 38 where index + 2 < numbers.count && numbers[index + 1] == 5:
        attributes.foreground = numbers[index + 2]
        index += 2
      case 48 where index + 2 < numbers.count && numbers[index + 1] == 5:
        attributes.background = numbers[index + 2]
        index += 2
      default: unknown.append("SGR \(number)")
      }
      index += 1
    }
  }
}
