import TestSupport

@testable import Formats

/// Damages the fields of a Protocol Buffers message, reproducibly: lengths are right again afterwards,
/// except in one of eight.
struct ProtobufFuzzer {
  private let seed: [ProtobufField]
  private let messages: Set<Int>
  private var random = SeededGenerator(1)
  private var raw: Fuzzer

  /// - Parameter messages: the fields of the outer message that are messages themselves.
  init(_ seed: [UInt8], messages: Set<Int>) {
    self.seed = Self.fields(seed)
    self.messages = messages
    raw = Fuzzer(seeds: [seed])
  }

  /// The next damaged message.
  mutating func next() -> [UInt8] {
    if pick(8) == 0 { return raw.next() }
    var fields = seed
    for _ in 0...pick(3) { damage(&fields, isOuter: true) }
    return Self.bytes(fields)
  }

  private static func fields(_ bytes: [UInt8]) -> [ProtobufField] {
    var reader = ProtobufReader(bytes[...], what: "the message")
    return (try? reader.rest()) ?? []
  }

  private static func bytes(_ fields: [ProtobufField]) -> [UInt8] {
    var writer = ProtobufWriter()
    for field in fields { writer.write(field) }
    return writer.bytes
  }

  private mutating func damage(_ fields: inout [ProtobufField], isOuter: Bool) {
    guard !fields.isEmpty else { return }
    let at = pick(fields.count)
    if isOuter, messages.contains(fields[at].number), let inner = fields[at].bytes, pick(5) > 0 {
      var members = Self.fields(inner)
      damage(&members, isOuter: false)
      fields[at].value = .bytes(Self.bytes(members))
      return
    }
    switch pick(8) {
    case 0: fields.remove(at: at)
    case 1: fields.insert(fields[at], at: pick(fields.count))
    case 2: fields.swapAt(at, pick(fields.count))
    case 3: fields[at].number = 1 + pick(48)
    case 4: fields[at].value = .varint([0, 1, 7, 1 << 31, 1 << 63, .max][pick(6)])
    case 5: fields[at].value = .fixed32([0, 0x7F80_0000, 0x7FC0_0000, 0xC2F0_0000, .max][pick(5)])
    case 6:
      fields[at].value = .bytes([[], [0], [0xFF], Array("</s>".utf8), [0xE3, 0x81]][pick(5)])
    default:
      guard var bytes = fields[at].bytes, !bytes.isEmpty else { return }
      bytes[pick(bytes.count)] = UInt8(pick(256))
      fields[at].value = .bytes(bytes)
    }
  }

  private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
}
