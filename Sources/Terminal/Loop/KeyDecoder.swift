/// Turns the bytes a terminal sends into keys and pasted text.
///
/// Pure, and indifferent to how reads cut the stream: the same bytes give the same keys. ncurses
/// could decode too, but loses the bytes of a character that arrives in two reads, and knows nothing
/// of pastes. An escape sequence that never ends is resolved by ``flush(endingPaste:)`` once the
/// terminal has been silent for a while.
public struct KeyDecoder {
  /// What a terminal can tell.
  public enum Input: Hashable, Sendable {
    case key(Key)
    /// Text between the marks of a bracketed paste; newlines are `\n`.
    case paste(String)
  }

  /// A paste is cut at so many bytes; the rest of it is dropped, not typed.
  public static let pasteLimit = 4 << 20

  private let sequences: [[UInt8]: Key]
  private var pending: [UInt8] = []
  private var pasted: [UInt8]?

  /// - Parameter sequences: escape sequences of this terminal beyond those of xterm, by terminfo.
  public init(sequences: [[UInt8]: Key] = [:]) {
    self.sequences = sequences
  }

  /// Whether bytes wait for more; see ``flush(endingPaste:)``.
  public var isWaiting: Bool { !pending.isEmpty || pasted != nil }
  /// Whether a paste has begun and not ended.
  public var isPasting: Bool { pasted != nil }

  /// Takes in what was read; gives what is complete.
  public mutating func feed(_ bytes: some Sequence<UInt8>) -> [Input] {
    pending.append(contentsOf: bytes)
    return decode(isFinal: false)
  }

  /// Takes what waits for what it is: a lone escape byte is the Esc key.
  ///
  /// - Parameter endingPaste: ends a paste whose end mark did not come.
  public mutating func flush(endingPaste: Bool = false) -> [Input] {
    if isPasting, !endingPaste { return [] }
    var inputs = decode(isFinal: true)
    if let bytes = pasted {
      inputs.append(paste(bytes + pending))
      pasted = nil
      pending = []
    }
    return inputs
  }

  private mutating func decode(isFinal: Bool) -> [Input] {
    var inputs: [Input] = []
    var position = 0
    loop: while position < pending.count {
      if pasted != nil {
        guard takePaste(from: &position, into: &inputs) else { break }
        continue
      }
      switch token(at: position, isFinal: isFinal) {
      case .more: break loop
      case .nothing(let length): position += length
      case .keys(let keys, let length):
        inputs += keys.map(Input.key)
        position += length
      case .pasteBegins(let length):
        position += length
        pasted = []
      }
    }
    pending.removeFirst(position)
    return inputs
  }

  private enum Token {
    case more
    case nothing(Int)
    case keys([Key], Int)
    case pasteBegins(Int)
  }

  private static let pasteEnd: [UInt8] = [0x1B] + Array("[201~".utf8)

  /// Moves pasted bytes over; `false` if the end mark is not there yet.
  private mutating func takePaste(from position: inout Int, into inputs: inout [Input]) -> Bool {
    let rest = pending[position...]
    let mark = Self.pasteEnd
    var end = rest.startIndex
    while let escape = rest[end...].firstIndex(of: 0x1B) {
      if rest[escape...].starts(with: mark) {
        inputs.append(paste((pasted ?? []) + rest[..<escape]))
        pasted = nil
        position = escape + mark.count
        return true
      }
      if rest.endIndex - escape < mark.count, mark.starts(with: rest[escape...]) {
        keep(rest[..<escape])
        position = escape
        return false
      }
      end = escape + 1
    }
    keep(rest)
    position = rest.endIndex
    return false
  }

  private mutating func keep(_ bytes: ArraySlice<UInt8>) {
    let room = Self.pasteLimit - (pasted?.count ?? 0)
    pasted?.append(contentsOf: bytes.prefix(max(0, room)))
  }

  private func paste(_ bytes: [UInt8]) -> Input {
    let text = String(decoding: bytes.prefix(Self.pasteLimit), as: UTF8.self)
    return .paste(String(text.map { $0 == "\r" || $0 == "\r\n" ? "\n" : $0 }))
  }

  private func token(at position: Int, isFinal: Bool) -> Token {
    let bytes = pending[position...]
    switch bytes[position] {
    case 0x1B: return escape(bytes, isFinal: isFinal)
    case 0x0D: return .keys([.enter], 1)
    case 0x09: return .keys([.tab], 1)
    case 0x08, 0x7F: return .keys([.backspace], 1)
    case let byte where byte < 0x20: return .keys([Self.control(byte)], 1)
    default: return text(bytes, isFinal: isFinal)
    }
  }

  private static func control(_ byte: UInt8) -> Key {
    byte == 0
      ? .control(" ")
      : .control(Character(Unicode.Scalar((1...26).contains(byte) ? byte + 0x60 : byte + 0x40)))
  }

  /// A run of text up to the next control byte, as grapheme clusters.
  private func text(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> Token {
    let run = bytes.prefix { $0 >= 0x20 && $0 != 0x7F }
    var whole = run
    if run.endIndex == bytes.endIndex, !isFinal {
      whole = run.dropLast(Self.incompleteTail(of: run))
      if whole.isEmpty { return .more }
    }
    return .keys(String(decoding: whole, as: UTF8.self).map(Key.character), whole.count)
  }

  /// Bytes at the end of `bytes` that may be the beginning of one more UTF-8 character.
  private static func incompleteTail(of bytes: ArraySlice<UInt8>) -> Int {
    for (offset, byte) in bytes.suffix(3).reversed().enumerated() {
      switch byte {
      case 0x80..<0xC0: continue
      case 0xC2..<0xE0: return offset + 1 < 2 ? offset + 1 : 0
      case 0xE0..<0xF0: return offset + 1 < 3 ? offset + 1 : 0
      case 0xF0..<0xF5: return offset + 1 < 4 ? offset + 1 : 0
      default: return 0
      }
    }
    return 0
  }

  private func escape(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> Token {
    for length in stride(from: min(bytes.count, 12), through: 2, by: -1) {
      if let key = sequences[Array(bytes.prefix(length))] { return .keys([key], length) }
    }
    guard bytes.count > 1 else { return isFinal ? .keys([.escape], 1) : .more }
    let second = bytes[bytes.startIndex + 1]
    switch second {
    case UInt8(ascii: "["), UInt8(ascii: "O"):
      let token = controlSequence(bytes)
      guard case .more = token, isFinal else { return token }
      // Alt with the bracket or O itself; longer remains mean nothing.
      return bytes.count == 2
        ? .keys([.alt(Character(Unicode.Scalar(second)))], 2) : .nothing(bytes.count)
    case 0x1B: return .keys([.escape], 1)
    case 0x0D, 0x0A: return .keys([.altEnter], 2)
    case 0x08, 0x7F: return .keys([.control("w")], 2)
    case ..<0x20: return .keys([.escape], 1)
    default:
      let rest = bytes.dropFirst()
      if !isFinal, rest.count <= 3, Self.incompleteTail(of: rest) == rest.count { return .more }
      // The first whole scalar, or one byte that is none.
      for length in 1...4 where length <= rest.count {
        let text = String(decoding: rest.prefix(length), as: UTF8.self)
        if text.unicodeScalars.count == 1, text != "\u{FFFD}", let first = text.first {
          return .keys([.alt(first)], 1 + length)
        }
      }
      return .keys([.alt("\u{FFFD}")], 2)
    }
  }

  /// `ESC [` or `ESC O`, parameters, and a final byte.
  private func controlSequence(_ bytes: ArraySlice<UInt8>) -> Token {
    var index = bytes.startIndex + 2
    // The Linux console sends ESC [ [ A for F1.
    if index < bytes.endIndex, bytes[index] == UInt8(ascii: "["), bytes[index - 1] == bytes[index] {
      guard index + 1 < bytes.endIndex else { return .more }
      let number = Int(bytes[index + 1]) - 0x40
      return (1...5).contains(number) ? .keys([.function(number)], 4) : .nothing(4)
    }
    var parameters: [Int] = [0]
    while index < bytes.endIndex, (0x20..<0x40).contains(bytes[index]) {
      let byte = bytes[index]
      if byte == UInt8(ascii: ";") {
        parameters.append(0)
      } else if (0x30...0x39).contains(byte) {
        parameters[parameters.count - 1] = min(
          9999, parameters[parameters.count - 1] * 10 + Int(byte - 0x30))
      }
      index += 1
      // Nothing a terminal means by a key is as long.
      if index - bytes.startIndex > 64 { return .nothing(index - bytes.startIndex) }
    }
    guard index < bytes.endIndex else { return .more }
    let length = index + 1 - bytes.startIndex
    guard (0x40...0x7E).contains(bytes[index]) else { return .nothing(length - 1) }
    if bytes[index] == UInt8(ascii: "~"), parameters[0] == 200 { return .pasteBegins(length) }
    if bytes[bytes.startIndex + 2] == UInt8(ascii: "<"), parameters.count == 3,
      [UInt8(ascii: "M"), UInt8(ascii: "m")].contains(bytes[index])
    {
      let mouse = Mouse(
        code: parameters[0], x: parameters[1], y: parameters[2],
        isRelease: bytes[index] == UInt8(ascii: "m"))
      return mouse.map { .keys([.mouse($0)], length) } ?? .nothing(length)
    }
    guard let key = Self.key(final: bytes[index], parameters) else { return .nothing(length) }
    return .keys([key], length)
  }

  private static func key(final: UInt8, _ parameters: [Int]) -> Key? {
    // xterm sends 1 + a bit each for Shift, Alt, Ctrl.
    let modifiers = parameters.count > 1 ? max(0, parameters[1] - 1) : 0
    let isByWord = modifiers & 6 != 0
    switch Character(Unicode.Scalar(final)) {
    case "A": return .up
    case "B": return .down
    case "C": return isByWord ? .wordRight : .right
    case "D": return isByWord ? .wordLeft : .left
    case "F": return .end
    case "H": return .home
    case "M": return .enter
    case "P", "Q", "R", "S": return .function(Int(final) - 0x4F)
    case "Z": return .backTab
    case "~":
      switch parameters[0] {
      case 1, 7: return .home
      case 2: return .insert
      case 3: return .delete
      case 4, 8: return .end
      case 5: return .pageUp
      case 6: return .pageDown
      case 11...15: return .function(parameters[0] - 10)
      case 17...21: return .function(parameters[0] - 11)
      case 23, 24: return .function(parameters[0] - 12)
      default: return nil
      }
    default: return nil
    }
  }
}
