import Base
import Testing

@testable import Tensors

@Suite("Ops") struct OpTests {
  static let pool = ThreadPool(threads: 2)
  static let pools = [1, 2, 3, 8].map { ThreadPool(threads: $0) }

  /// Numbers above this are left to the differential test.
  static let small = OpCase.all.filter { $0.rows <= 70 }

  @Test("gradients are those of central differences in float64", arguments: small)
  func gradients(_ test: OpCase) throws {
    let device = ReferenceDevice()
    let run = try OpRun(test, on: device)
    _ = run.results()
    let analytic = device.reals(run.store.gradient)
    let values = run.store.values
    func loss(_ element: Int, _ value: Double) -> Double {
      device.upload([value], to: values.slice(element..<element + 1))
      device.fill(run.total, with: 0)
      run.program.run()
      return device.reals(run.total)[0]
    }
    let scale = analytic.map(abs).max() ?? 0
    // Every element of a small case, a spread of a larger one.
    for element in stride(from: 0, to: run.store.count, by: max(1, run.store.count / 150)) {
      let value = device.reals(values.slice(element..<element + 1))[0]
      let h = 1e-5
      let numeric = (loss(element, value + h) - loss(element, value - h)) / (2 * h)
      _ = loss(element, value)
      #expect(
        abs(numeric - analytic[element]) <= 1e-6 * max(scale, 1e-3),
        "element \(element): \(analytic[element]) instead of \(numeric)")
    }
  }

  @Test(
    "every level of the CPU agrees with the reference", arguments: OpCase.all,
    CPULevel.allCases.filter { $0 <= .supported })
  func differential(_ test: OpCase, level: CPULevel) throws {
    let expected = try OpRun(test, on: ReferenceDevice()).results()
    let device = try CPUDevice(pool: Self.pool, level: level)
    let actual = try OpRun(test, on: device).results()
    #expect(error(actual.losses, expected.losses) < 1e-10)
    #expect(error(actual.gradient, expected.gradient) < 1e-10)
  }

  /// ProductTests compares a product alone. Here the softmax makes of logits near 5 that are 2⁻⁹ off shares that are a
  /// hundredth off, which is 10⁻⁴ in squares.
  @Test(
    "products of bf16 agree with the reference, whatever the number of threads",
    arguments: OpCase.all, CPULevel.allCases.filter { $0 <= .supported })
  func half(_ test: OpCase, level: CPULevel) throws {
    let expected = try OpRun(test, on: ReferenceDevice()).results()
    let runs = try Self.pools.prefix(2).map { pool in
      try OpRun(test, on: CPUDevice(pool: pool, level: level, precision: .bf16)).results()
    }
    #expect(error(runs[0].losses, expected.losses) < 5e-5)
    #expect(error(runs[0].gradient, expected.gradient) < 3e-4)
    #expect(runs[0].losses == runs[1].losses && runs[0].gradient == runs[1].gradient)
  }

  @Test("the bits do not depend on the number of threads", arguments: OpCase.all)
  func threads(_ test: OpCase) throws {
    let results = try Self.pools.map { pool in
      try OpRun(test, on: CPUDevice(pool: pool)).results()
    }
    for result in results.dropFirst() {
      #expect(result.losses == results[0].losses)
      #expect(result.gradient == results[0].gradient)
    }
  }

  @Test(
    "a row's result does not depend on the rows behind it",
    arguments: OpCase.all.filter { !$0.seesAhead }, CPULevel.allCases.filter { $0 <= .supported })
  func rows(_ test: OpCase, level: CPULevel) throws {
    let run = try OpRun(test, on: CPUDevice(pool: Self.pool, level: level))
    let all = run.losses(ofFirst: test.live)
    for count in Set([1, test.live / 3, test.live / 2, test.live - 1]) where count > 0 {
      #expect(run.losses(ofFirst: count) == Array(all.prefix(count)), "\(count) rows")
    }
  }

  /// The squared error relative to the squares: ggml's measure, which wants at most 1e-7.
  private func error(_ a: [Float], _ b: [Float]) -> Double {
    let squares = zip(a, b).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    return squares / max(1e-30, b.reduce(0.0) { $0 + Double($1) * Double($1) })
  }
}
