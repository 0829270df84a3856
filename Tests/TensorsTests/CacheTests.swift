import Base
import Testing

@testable import Tensors

/// What generation has beside the ops of training: rows that go into a cache, attention to it, rows that are picked out.
@Suite("Attention to a cache") struct CacheTests {
  struct Sizes: Sendable, CustomTestStringConvertible {
    /// Rows there is room for, and rows in use.
    var rows, live: Int
    var heads, keys, size: Int
    var testDescription: String { "\(live)/\(rows) rows, \(heads)/\(keys) heads of \(size)" }
  }

  static let sizes = [
    Sizes(rows: 1, live: 1, heads: 1, keys: 1, size: 2),
    Sizes(rows: 5, live: 4, heads: 3, keys: 1, size: 6),
    Sizes(rows: 17, live: 17, heads: 4, keys: 2, size: 5),
    Sizes(rows: 90, live: 83, heads: 2, keys: 2, size: 18),
  ]
  static let context = 101
  static let width = 7

  /// The outputs of the last two rows.
  static func outputs(_ sizes: Sizes, on device: any Device) throws -> [Float] {
    let columns = (sizes.heads + 2 * sizes.keys) * sizes.size
    let store = try ParameterStore(
      [
        ParameterSpec("w", [columns, width], decays: true),
        ParameterSpec("out", [9, sizes.heads * sizes.size], decays: true),
      ], on: device)
    let random = CounterRandom(seed: 4, purpose: 0)
    func numbers(_ count: Int, _ salt: Int) -> [Float] {
      (0..<count).map { Float(random.normal(UInt64(salt << 32 + $0))) }
    }
    for (salt, parameter) in store.parameters.enumerated() {
      try store.write(numbers(parameter.range.count, salt), to: parameter)
    }
    func operands(_ count: Int, _ salt: Int) throws -> View {
      let view = View(try device.allocate(.operand, count: count))
      let values = numbers(count, salt)
      device.upload(values.span, to: view)
      return view
    }
    func indices(_ values: [Int32]) throws -> View {
      let view = View(try device.allocate(.index, count: values.count))
      device.upload(values.span, to: view)
      return view
    }
    // Two sequences: the first third of the rows goes on from the 11th place of one, the rest from the 3rd of the other.
    let cut = sizes.rows / 3
    let first = (0..<sizes.rows).map { Int32($0 < cut ? 0 : context) }
    let at = (0..<sizes.rows).map { Int32($0 < cut ? 11 + $0 : context + 3 + $0 - cut) }
    let live = try indices([Int32(sizes.live)])
    let rows = Rows(capacity: sizes.rows, live: live)
    let all = Rows(capacity: 2 * context)
    let cacheWidth = sizes.keys * sizes.size

    let recorder = try Recorder(store)
    let x = recorder.tensor(over: try operands(sizes.rows * width, 8), rows: rows, columns: width)
    let keys = recorder.tensor(
      over: try operands(all.capacity * cacheWidth, 9), rows: all, columns: cacheWidth)
    let values = recorder.tensor(
      over: try operands(all.capacity * cacheWidth, 10), rows: all, columns: cacheWidth)
    let parts = recorder.linear(x, store["w"]).split([
      sizes.heads * sizes.size, cacheWidth, cacheWidth,
    ])
    let places = try indices(at)
    recorder.store(parts[1], in: keys, at: places)
    recorder.store(parts[2], in: values, at: places)
    let attended = recorder.attention(
      parts[0], keys, values,
      shape: AttentionShape(heads: sizes.heads, keyHeads: sizes.keys, headSize: sizes.size),
      mask: AttentionMask(first: try indices(first), last: places))
    let chosen = try indices([Int32(sizes.live - 1), Int32(max(0, sizes.live - 2)), 0])
    let ends = recorder.gather(
      attended, at: chosen, rows: Rows(capacity: 3, live: try indices([2])))
    let result = View(try device.allocate(.real, count: 3 * 9))
    recorder.linear(ends, store["out"], into: result)
    let program = try recorder.finish()
    program.run()
    var outputs = [Float](repeating: 0, count: 2 * 9)
    var span = outputs.mutableSpan
    device.download(result, into: &span)
    return outputs
  }

  @Test(
    "every level agrees with the reference", arguments: sizes,
    CPULevel.allCases.filter { $0 <= .supported })
  func differential(_ sizes: Sizes, _ level: CPULevel) throws {
    for precision in [Precision.fp32, .bf16] {
      let expected = try Self.outputs(sizes, on: ReferenceDevice(precision: precision))
      let device = try CPUDevice(
        pool: ThreadPool(threads: 2), level: level, precision: precision)
      let actual = try Self.outputs(sizes, on: device)
      let scale = expected.map(abs).max() ?? 0
      #expect(scale > 0.1)
      for (a, b) in zip(actual, expected) {
        #expect(abs(a - b) <= (precision == .fp32 ? 1e-5 : 2e-2) * scale, "\(precision)")
      }
    }
  }
}
