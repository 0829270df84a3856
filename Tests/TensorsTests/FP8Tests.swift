import Base
import Testing

@testable import Tensors

@Suite("Products of eight bits") struct FP8Tests {
  /// All numbers of a format, by its definition: sign, exponent, mantissa.
  private static func numbers(_ format: FP8Format) -> [Double] {
    let (exponents, mantissas, bias) = format == .e4m3 ? (16, 8, 7) : (32, 4, 15)
    var found: [Double] = []
    for exponent in 0..<exponents {
      for mantissa in 0..<mantissas {
        // The last exponent is NaN and infinity in e5m2, and NaN with all ones in e4m3.
        if format == .e5m2, exponent == 31 { continue }
        if format == .e4m3, exponent == 15, mantissa == 7 { continue }
        let fraction = Double(mantissa) / Double(mantissas)
        let scale = { (power: Int) in
          (0..<abs(power)).reduce(1.0) { now, _ in power < 0 ? now / 2 : now * 2 }
        }
        found.append(
          exponent == 0 ? fraction * scale(1 - bias) : (1 + fraction) * scale(exponent - bias))
      }
    }
    return found.sorted()
  }

  @Test(
    "each number is its own nearest, and others go to the nearer",
    arguments: [
      FP8Format.e4m3, .e5m2,
    ])
  func rounding(_ format: FP8Format) {
    let numbers = Self.numbers(format)
    #expect(numbers.last == (format == .e4m3 ? 448 : 57_344))
    for number in numbers {
      #expect(format.nearest(Float(number)) == Float(number))
      #expect(format.nearest(Float(-number)) == Float(-number))
    }
    let random = CounterRandom(seed: 1, purpose: 1)
    for index in 0..<20_000 {
      // Over all magnitudes of the format, and beyond both ends.
      let power = -20 + 38 * random.uniform(UInt64(2 * index))
      let value = Float(
        exponential(power * logarithm(2)) * (0.5 + random.uniform(UInt64(2 * index + 1))))
      let found = Double(format.nearest(value))
      let best = numbers.map { abs($0 - Double(value)) }.min() ?? .nan
      #expect(abs(found - Double(value)) == best, "\(value) became \(found)")
    }
    // Halfway the even mantissa is taken.
    for (low, high) in zip(numbers, numbers.dropFirst()) {
      let middle = Float((low + high) / 2)
      let found = Double(format.nearest(middle))
      #expect(found == low || found == high)
      let place = numbers.firstIndex(of: found) ?? 1
      #expect(place.isMultiple(of: 2))
    }
    #expect(format.nearest(.infinity) == format.largest && format.nearest(.nan).isNaN)
  }

  /// y = xWᵀ, and both gradients, of a layer on a device.
  private static func layer(
    on device: any Device, _ x: [Float], _ w: [Float], dy: [Float], rows: Int, inner: Int,
    outer: Int
  ) throws -> (y: [Float], dx: [Float], dw: [Float]) {
    func memory(_ numbers: [Float]) throws -> View {
      let view = View(try device.allocate(.operand, count: numbers.count))
      device.upload(numbers.span, to: view)
      return view
    }
    func read(_ view: View) -> [Float] {
      var numbers = [Float](repeating: 0, count: view.count)
      var span = numbers.mutableSpan
      device.download(view, into: &span)
      return numbers
    }
    let scratch = View(
      try device.allocate(
        .real, count: 1 << 16))
    let all = Rows(capacity: rows)
    let (xs, ws, ds) = (
      Matrix(try memory(x), columns: inner), Matrix(try memory(w), columns: inner),
      Matrix(try memory(dy), columns: outer)
    )
    let y = try memory([Float](repeating: 0, count: rows * outer))
    device.linear(
      xs, weight: ws, residual: nil, output: Matrix(y, columns: outer), scratch: scratch, rows: all)
    let dx = try memory([Float](repeating: 0, count: rows * inner))
    device.linearInputGradient(
      ds, weight: ws, dInput: Matrix(dx, columns: inner), accumulate: false, scratch: scratch,
      rows: all)
    let dw = View(try device.allocate(.real, count: outer * inner))
    device.linearWeightGradient(
      ds, x: xs, dWeight: Matrix(dw, columns: inner), scratch: scratch, rows: all)
    return (read(y), read(dx), read(dw))
  }

  @Test("a layer's products are those of rounded operands", arguments: FP8Recipe.allCases)
  func products(_ recipe: FP8Recipe) throws {
    let (rows, inner, outer) = (32, 24, 40)
    let random = CounterRandom(seed: 2, purpose: 1)
    func normal(_ count: Int, _ from: Int, _ scale: Double) -> [Float] {
      (0..<count).map { Float(scale * random.normal(UInt64(from + $0))) }
    }
    let x = normal(rows * inner, 0, 3)
    let w = normal(outer * inner, 10_000, 0.02)
    let dy = normal(rows * outer, 20_000, 1e-5)
    let device = FP8Device(try CPUDevice(), recipe)
    let found = try Self.layer(on: device, x, w, dy: dy, rows: rows, inner: inner, outer: outer)
    func rounded(_ numbers: [Float], _ format: FP8Format) -> [Double] {
      let scale = format.largest / (numbers.map(abs).max() ?? 1)
      return numbers.map { Double(format.nearest($0 * scale)) / Double(scale) }
    }
    let (qx, qw) = (rounded(x, .e4m3), rounded(w, .e4m3))
    let qd = rounded(dy, recipe == .hybridCurrent || recipe == .hybridDelayed ? .e5m2 : .e4m3)
    for row in 0..<rows {
      for column in 0..<outer {
        let sum = (0..<inner).reduce(0.0) { $0 + qx[row * inner + $1] * qw[column * inner + $1] }
        #expect(abs(Double(found.y[row * outer + column]) - sum) < 1e-5)
      }
      for column in 0..<inner {
        let sum = (0..<outer).reduce(0.0) { $0 + qd[row * outer + $1] * qw[$1 * inner + column] }
        #expect(abs(Double(found.dx[row * inner + column]) - sum) < 1e-11)
      }
    }
    for row in 0..<outer {
      for column in 0..<inner {
        let sum = (0..<rows).reduce(0.0) { $0 + qd[$1 * outer + row] * qx[$1 * inner + column] }
        #expect(abs(Double(found.dw[row * inner + column]) - sum) < 1e-8)
      }
    }
    let counts = device.takeCounts()
    #expect(counts.all == 2 * (x.count + w.count + dy.count) && counts.saturated == 0)
    #expect(device.takeCounts().all == 0)
  }

  @Test func `delayed scaling looks back: what grows is cut off once, then fits`() throws {
    let device = FP8Device(try CPUDevice(), .hybridDelayed)
    let x = [Float](repeating: 1, count: 16 * 8)
    let w = [Float](repeating: 1, count: 8 * 8)
    func output(_ x: [Float]) throws -> Float {
      try Self.layer(
        on: device, x, w, dy: [Float](repeating: 1, count: 16 * 8), rows: 16, inner: 8, outer: 8
      ).y[0]
    }
    #expect(try output(x) == 8)
    #expect(try output(x.map { 4 * $0 }) == 8)
    #expect(try output(x.map { 4 * $0 }) == 32)
    var history = FP8History()
    for value: Float in [1, 4, 2] { history.add(value) }
    #expect(history.largest == 4)
    for _ in 0..<16 { history.add(0.5) }
    #expect(history.largest == 0.5, "sixteen steps are looked back on")
    var counts = FP8Counts()
    var numbers: [Float] = [1, 4, 1e-9, 0]
    counts.round(&numbers, .e4m3, scale: FP8History.scale(largest: 1, .e4m3))
    #expect(numbers == [1, 1, 0, 0] && counts.saturated == 1 && counts.flushed == 1)
  }
}
