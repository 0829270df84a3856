import Base
import Testing

@testable import Tensors

@Suite("Products on the CPU") struct ProductTests {
  /// The same input in every row must give the same bits in every row, wherever it stands.
  @Test(arguments: CPULevel.allCases.filter { $0 <= .supported }, Precision.allCases)
  func `a row's bits do not depend on its place`(_ level: CPULevel, _ precision: Precision) throws {
    for (k, n) in [(300, 301), (1201, 96)] {
      try check(
        CPUDevice(pool: ThreadPool(threads: 3), level: level, precision: precision), (k, n))
    }
  }

  private func check(_ device: CPUDevice, _ sizes: (k: Int, n: Int)) throws {
    let rows = 131
    let store = try ParameterStore(
      [ParameterSpec("w", [sizes.n, sizes.k], decays: true)], on: device)
    let random = CounterRandom(seed: 5, purpose: 0)
    try store.write(
      (0..<sizes.n * sizes.k).map { Float(random.normal(UInt64($0))) }, to: store["w"])
    let one = (0..<sizes.k).map { Float(random.normal(UInt64($0 + 1_000_000))) }
    let x = View(try device.allocate(.real, count: rows * sizes.k))
    let repeated = (0..<rows).flatMap { _ in one }
    device.upload(repeated.span, to: x)
    let y = View(try device.allocate(.real, count: rows * sizes.n))
    let recorder = try Recorder(store)
    let input = recorder.tensor(over: x, rows: Rows(capacity: rows), columns: sizes.k)
    recorder.linear(input, store["w"], into: y)
    try recorder.finish().run()
    var numbers = [Float](repeating: 0, count: rows * sizes.n)
    var span = numbers.mutableSpan
    device.download(y, into: &span)
    for row in 1..<rows {
      #expect(numbers[row * sizes.n..<(row + 1) * sizes.n].elementsEqual(numbers[0..<sizes.n]))
    }
  }
}
