import Base
public import Testing

/// Damages valid inputs in the ways that find parsers' mistakes, reproducibly.
///
///     Fuzzer(seeds: [validFile], header: 8).run { bytes in
///       do { _ = try Parser(bytes); return true } catch { return error.offset > 8 }
///     }
///
/// The closure must come back from every input; it says whether the input got past the header. A
/// crash ends the test process, and the seed and round printed before let it be found again.
public struct Fuzzer {
  private let seeds: [[UInt8]]
  private let header: Int
  private let words: [[UInt8]]
  private let seed: UInt64
  private var random: SeededGenerator

  /// - Parameters:
  ///   - seeds: valid inputs, small ones first; at least one.
  ///   - header: how many bytes at the start are mostly left alone (nine times of ten).
  ///   - words: pieces of the format's own language to put in, as `"\"offset\":"`.
  ///   - seed: makes another sequence.
  public init(seeds: [[UInt8]], header: Int = 0, words: [String] = [], seed: UInt64 = 1) {
    precondition(!seeds.isEmpty, "a fuzzer needs a valid input to start from")
    self.seeds = seeds
    self.header = header
    self.words = words.map { Array($0.utf8) }
    self.seed = seed
    random = SeededGenerator(seed)
  }

  /// The seconds that one fuzz test takes: `KAJI_FUZZ_SECONDS`, 60 with `KAJI_LONG=1`, else 2.
  ///
  /// The tests' fuzzing lasts at most a minute in all, so that there may be thirty of them.
  public static var defaultSeconds: Double {
    environment("KAJI_FUZZ_SECONDS").flatMap(Double.init) ?? (wantsLongChecks ? 60 : 2)
  }

  /// The inputs that one fuzz test tries at least: `KAJI_FUZZ_INPUTS`, else 200.
  public static var leastInputs: Int { environment("KAJI_FUZZ_INPUTS").flatMap(Int.init) ?? 200 }

  /// Whether a fuzz test that began at `start` and has tried so many inputs goes on.
  ///
  /// - Parameter start: as of `monotonicSeconds`.
  public static func goesOn(
    _ tried: Int, since start: Double, seconds: Double = Fuzzer.defaultSeconds
  ) -> Bool {
    tried < leastInputs || monotonicSeconds() < start + seconds
  }

  /// Tries damaged inputs for a time, and fails the test if too few get past the header.
  ///
  /// - Parameters:
  ///   - seconds: how long; ``leastInputs`` are tried in any case.
  ///   - share: the least part of the inputs that must get past the header.
  ///   - parse: parses one input; returns whether it got past the header. What it throws fails the
  ///     test: catch the refusals of the parser.
  /// - Returns: how many inputs were tried.
  @discardableResult
  public mutating func run(
    seconds: Double = Fuzzer.defaultSeconds, share: Double = 0.3,
    at location: SourceLocation = #_sourceLocation, _ parse: ([UInt8]) throws -> Bool
  ) rethrows -> Int {
    let start = monotonicSeconds()
    var tried = 0
    var passed = 0
    while Self.goesOn(tried, since: start, seconds: seconds) {
      let input = next()
      do {
        if try parse(input) { passed += 1 }
      } catch {
        Issue.record(
          "input \(tried) of seed \(seed) threw \(error): \(hexadecimal(Array(input.prefix(256))))",
          sourceLocation: location)
        throw error
      }
      tried += 1
    }
    if Double(passed) < share * Double(tried) {
      Issue.record(
        "only \(passed) of \(tried) inputs got past the header", sourceLocation: location)
    }
    return tried
  }

  /// The next damaged input.
  public mutating func next() -> [UInt8] {
    var bytes = seeds[pick(seeds.count)]
    for _ in 0...pick(4) { damage(&bytes) }
    return bytes
  }

  /// Does one thing to `bytes`.
  private mutating func damage(_ bytes: inout [UInt8]) {
    let start = pick(10) == 0 ? 0 : min(header, bytes.count)
    let room = bytes.count - start
    guard room > 0 else {
      bytes.append(UInt8(pick(256)))
      return
    }
    let place = start + pick(room)
    switch pick(9) {
    case 0: bytes[place] ^= 1 << UInt8(pick(8))
    case 1: bytes[place] = UInt8(pick(256))
    case 2: bytes.removeSubrange(place...)
    case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + pick(16)))
    case 4: overwrite(&bytes, at: place, with: edge())
    case 5:
      let piece = bytes[place..<min(bytes.count, place + 1 + pick(64))]
      bytes.insert(contentsOf: piece, at: start + pick(room))
    case 6: splice(&bytes, at: place)
    case 7: replaceDigits(&bytes, from: place)
    default:
      if words.isEmpty {
        bytes.insert(UInt8(pick(256)), at: place)
      } else {
        bytes.insert(contentsOf: words[pick(words.count)], at: place)
      }
    }
  }

  /// Goes on from `place` with the rest of another valid input.
  private mutating func splice(_ bytes: inout [UInt8], at place: Int) {
    let other = seeds[pick(seeds.count)]
    guard !other.isEmpty else { return }
    bytes.removeSubrange(place...)
    bytes += other[pick(other.count)...]
  }

  /// Writes a number that breaks careless arithmetic, of 1 to 8 bytes, in either byte order.
  private mutating func edge() -> [UInt8] {
    let numbers: [UInt64] = [
      0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
      0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF,
      0xFFFF_FFFF_FFFF_FFF8, 0x2000_0000_0000_0001, 0x4000_0000_0000_0000,
    ]
    let value = numbers[pick(numbers.count)]
    let width = 1 << pick(4)
    let bytes = (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    return pick(4) == 0 ? bytes.reversed() : bytes
  }

  private func overwrite(_ bytes: inout [UInt8], at place: Int, with new: [UInt8]) {
    for (offset, byte) in new.enumerated() where place + offset < bytes.count {
      bytes[place + offset] = byte
    }
  }

  /// Puts a number of the edge in the place of the next decimal number, for text formats.
  private mutating func replaceDigits(_ bytes: inout [UInt8], from place: Int) {
    func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    guard let first = bytes[place...].firstIndex(where: isDigit) else { return }
    let last = bytes[first...].firstIndex { !isDigit($0) } ?? bytes.count
    let numbers = [
      "0", "-1", "4294967296", "9223372036854775807", "-9223372036854775808",
      "18446744073709551616", "1e999", "0.1e-400", "00",
    ]
    bytes.replaceSubrange(first..<last, with: Array(numbers[pick(numbers.count)].utf8))
  }

  private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
}
