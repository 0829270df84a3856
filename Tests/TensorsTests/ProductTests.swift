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

  /// Products of bf16 are those of the rounded factors, summed in fp32.
  @Test(arguments: CPULevel.allCases.filter { $0 <= .supported }, [1, 2, 301, 513, 2049])
  func `factors are rounded to the nearest bf16, sums are not`(_ level: CPULevel, _ k: Int) throws {
    let (m, n) = (37, 53)
    let device = try CPUDevice(pool: ThreadPool(threads: 2), level: level, precision: .bf16)
    let random = CounterRandom(seed: 6, purpose: 0)
    let x = (0..<m * k).map { Float(random.normal(UInt64($0))) }
    let w = (0..<n * k).map { Float(random.normal(UInt64($0 + 1_000_000))) }
    let store = try ParameterStore([ParameterSpec("w", [n, k], decays: true)], on: device)
    try store.write(w, to: store["w"])
    let input = View(try device.allocate(.real, count: m * k))
    device.upload(x.span, to: input)
    let output = View(try device.allocate(.real, count: m * n))
    let recorder = try Recorder(store)
    recorder.linear(
      recorder.tensor(over: input, rows: Rows(capacity: m), columns: k), store["w"], into: output)
    try recorder.finish().run()
    var y = [Float](repeating: 0, count: m * n)
    var span = y.mutableSpan
    device.download(output, into: &span)
    let a = x.map { Self.rounded($0, .toNearestOrEven) }
    let b = w.map { Self.rounded($0, .toNearestOrAwayFromZero) }
    for i in 0..<m {
      for j in 0..<n {
        var sum = 0.0
        for l in 0..<k { sum += a[i * k + l] * b[j * k + l] }
        #expect(abs(Double(y[i * n + j]) - sum) < 1e-5 * Double(k).squareRoot() + 1e-6)
      }
    }
  }

  /// The nearest number with eight significant bits.
  static func rounded(_ x: Float, _ rule: FloatingPointRoundingRule) -> Double {
    guard x != 0 else { return 0 }
    let step = Double(sign: .plus, exponent: Int(x.exponent) - 7, significand: 1)
    return (Double(x) / step).rounded(rule) * step
  }
}
