public import Base
public import Testing

/// Damages the values of valid JSON documents, reproducibly: what comes out is JSON, so that it is the
/// format behind it that is tried.
public struct JSONFuzzer {
  private let seeds: [JSON]
  private let values: [JSON]
  private var random: SeededGenerator

  /// - Parameters:
  ///   - seeds: valid documents; at least one.
  ///   - values: what the format has in its fields, to be put into others.
  ///   - seed: makes another sequence.
  public init(seeds: [JSON], values: [JSON] = [], seed: UInt64 = 1) {
    precondition(!seeds.isEmpty, "a fuzzer needs a valid document to start from")
    self.seeds = seeds
    self.values =
      values + [
        .null, true, -1, 0, 65_537, 1e300, .integer(.max), .integer(.min), "", "\u{0}", "\n\n",
        "e\u{301}", [], [[]], .object([]),
      ]
    random = SeededGenerator(seed)
  }

  /// Tries damaged documents for a time, and fails the test if too few get past the first look.
  ///
  /// - Parameters:
  ///   - seconds: how long; ``Fuzzer/leastInputs`` are tried in any case.
  ///   - share: the least part of the documents that must get far.
  ///   - parse: reads one document and comes back from each; returns whether it got far.
  public mutating func run(
    seconds: Double = Fuzzer.defaultSeconds, share: Double = 0.3,
    at location: SourceLocation = #_sourceLocation, _ parse: (JSON) throws -> Bool
  ) rethrows {
    let start = monotonicSeconds()
    var tried = 0
    var passed = 0
    while Fuzzer.goesOn(tried, since: start, seconds: seconds) {
      if try parse(next()) { passed += 1 }
      tried += 1
    }
    if Double(passed) < share * Double(tried) {
      Issue.record("only \(passed) of \(tried) documents got far", sourceLocation: location)
    }
  }

  /// The next damaged document.
  public mutating func next() -> JSON {
    var tree = seeds[pick(seeds.count)]
    for _ in 0...pick(2) { damage(&tree) }
    return tree
  }

  /// Replaces, removes or doubles a value somewhere in the tree.
  private mutating func damage(_ tree: inout JSON) {
    let goesDeeper = pick(8) > 0
    switch tree {
    case .object(var object) where goesDeeper && object.count > 0:
      let key = object.keys[pick(object.count)]
      var value = object[key] ?? .null
      damage(&value)
      object[key] = pick(8) == 0 ? nil : value
      tree = .object(object)
    case .array(var array) where goesDeeper && !array.isEmpty:
      let index = pick(array.count)
      damage(&array[index])
      if pick(8) == 0 { array.append(array[index]) }
      tree = .array(array)
    default: tree = values[pick(values.count)]
    }
  }

  private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
}
