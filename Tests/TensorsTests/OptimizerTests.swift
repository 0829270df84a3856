import Base
import Testing

@testable import Tensors

@Suite("Optimisers") struct OptimizerTests {
  /// Parameters of odd sizes, one of them across a block, with gradients set by hand.
  static func run(on device: any Device, steps: Int, limits: (Int) -> StepControl) throws
    -> (values: [Float], outcomes: [StepOutcome], gradient: [Float])
  {
    let store = try ParameterStore(
      [
        ParameterSpec("a", [33, 5], decays: true), ParameterSpec("norm", [7], decays: false),
        ParameterSpec("b", [300, 300], decays: true),
      ], on: device)
    let random = CounterRandom(seed: 9, purpose: 0)
    for parameter in store.parameters {
      try store.write(
        (0..<parameter.range.count).map { Float(random.normal(UInt64($0))) * 0.1 }, to: parameter)
    }
    let loss = View(try device.allocate(.real, count: 1))
    let adam = try Optimizer(.adamw, store, loss: loss)
    let outcomes = try (1...steps).map { step in
      let noise = CounterRandom(seed: 9, purpose: 1, step: UInt64(step))
      let gradient = (0..<store.count).map { Float(noise.normal(UInt64($0))) * 0.01 }
      device.upload(gradient.span, to: store.gradient)
      device.upload([Float(step)].span, to: loss)
      return try adam.update(limits(step))
    }
    #expect(adam.steps == outcomes.count { !$0.skipped })
    return (
      store.parameters.flatMap { store.read($0) }, outcomes,
      store.parameters.flatMap { store.readGradient($0) }
    )
  }

  @Test(arguments: CPULevel.allCases.filter { $0 <= .supported })
  func `steps agree with float64, skipped ones included`(_ level: CPULevel) throws {
    func control(_ step: Int) -> StepControl {
      var control = StepControl(learningRate: 0.01 * Double(step))
      control.lossLimit = step % 4 == 0 ? 1 : .infinity
      control.normLimit = step % 5 == 0 ? 0.5 : .infinity
      return control
    }
    let expected = try Self.run(on: ReferenceDevice(), steps: 12, limits: control)
    let actual = try Self.run(
      on: CPUDevice(pool: ThreadPool(threads: 2), level: level), steps: 12, limits: control)
    #expect(actual.gradient.allSatisfy { $0 == 0 })
    for (a, b) in zip(actual.outcomes, expected.outcomes) {
      #expect(a.skipped == b.skipped && a.loss == b.loss)
      #expect(abs(a.gradientNorm - b.gradientNorm) < 1e-5 * b.gradientNorm)
    }
    #expect(expected.outcomes.count { $0.skipped } == 5)
    for (a, b) in zip(actual.values, expected.values) { #expect(abs(a - b) < 2e-5) }
  }

  @Test(arguments: Precision.allCases)
  func `the bits do not depend on the number of threads`(_ precision: Precision) throws {
    let runs = try [1, 2, 3, 8].map { threads in
      let device = try CPUDevice(pool: ThreadPool(threads: threads), precision: precision)
      return try Self.run(on: device, steps: 3) { _ in StepControl(learningRate: 0.01) }
    }
    for run in runs { #expect(run.values == runs[0].values && run.outcomes == runs[0].outcomes) }
  }

  /// What products read is half of each weight; the optimiser has both.
  @Test(
    arguments: CPULevel.allCases.filter { $0 <= .supported }, [OptimizerRule.adamw, .sgd, .lion])
  func `weights that are kept in two halves are whole`(_ level: CPULevel, _ rule: OptimizerRule)
    throws
  {
    let pool = ThreadPool(threads: 2)
    func values(_ precision: Precision) throws -> ([Float], ParameterStore) {
      let device = try CPUDevice(pool: pool, level: level, precision: precision)
      let (store, _) = try Self.longStore(rule, on: device, steps: 30)
      return (store.parameters.flatMap { store.read($0) }, store)
    }
    let (whole, _) = try values(.fp32)
    let (halves, store) = try values(.bf16)
    #expect(halves == whole)
    var upper = [Float](repeating: 0, count: store.count)
    var span = upper.mutableSpan
    store.device.download(store.values.slice(0..<store.count), into: &span)
    for (a, b) in zip(upper, whole) { #expect(abs(a - b) <= abs(b) / 256) }
    #expect(upper != whole)
  }

  @Test func `numbers of every kind survive the halves`() throws {
    let device = try CPUDevice(pool: ThreadPool(threads: 1), precision: .bf16)
    let store = try ParameterStore([ParameterSpec("w", [21], decays: false)], on: device)
    let numbers: [Float] =
      [
        0, -0.0, 1, -1, .pi, 0x1.01p0, 0x1.03p0, .greatestFiniteMagnitude, -.infinity,
        .leastNormalMagnitude, .leastNonzeroMagnitude, 0x1.fffffep-3,
      ] + (1...9).map { Float(bitPattern: 0x3F80_7FFC + $0) }
    try store.write(numbers, to: store["w"])
    #expect(store.read(store["w"]).map(\.bitPattern) == numbers.map(\.bitPattern))
  }

  /// A million weights of 1 + 2⁻¹⁰, an eighth of the way to the next bf16, 1 + 2⁻⁷.
  @Test func `rounding at random is right in the mean and reaches only the neighbours`() throws {
    let count = 1_000_000
    let device = try CPUDevice(pool: ThreadPool(threads: 2), precision: .stochastic)
    let store = try ParameterStore([ParameterSpec("w", [count], decays: false)], on: device)
    try store.write([Float](repeating: 1, count: count), to: store["w"])
    let optimizer = try Optimizer(
      .sgd, store, loss: View(try device.allocate(.real, count: 1)), seed: 12)
    func step() throws -> [Float] {
      device.upload([Float](repeating: -0x1p-10, count: count).span, to: store.gradient)
      var control = StepControl(learningRate: 1)
      control.clip = .infinity
      control.momentum = 0
      _ = try optimizer.update(control)
      return store.read(store["w"])
    }
    let weights = try step()
    #expect(Set(weights) == [1, 1 + 0x1p-7])
    let ups = Double(weights.count { $0 > 1 })
    #expect(abs(ups - 125_000) < 3 * (1_000_000 * 0.125 * 0.875).squareRoot())
    // Other numbers at each step.
    let both = zip(weights, try step()).count { $0 == 1 && $1 == 1 }
    #expect(abs(Double(both) - 765_625) < 5000)
  }

  /// The reference draws the same words; sums of fp32 and float64 differ in the last bit and rarely round apart.
  @Test(
    arguments: CPULevel.allCases.filter { $0 <= .supported }, [OptimizerRule.adamw, .sgd, .lion])
  func `rounding at random agrees with the reference`(_ level: CPULevel, _ rule: OptimizerRule)
    throws
  {
    let device = try CPUDevice(
      pool: ThreadPool(threads: 2), level: level, precision: .stochastic)
    let actual = try Self.long(rule, on: device, steps: 1).values
    let expected = try Self.long(rule, on: ReferenceDevice(precision: .stochastic), steps: 1).values
    #expect(zip(actual, expected).count { $0 != $1 } <= 1)
    #expect(actual.allSatisfy { $0.bitPattern & 0xFFFF == 0 })
  }

  @Test func `one step is the formula`() throws {
    let device = ReferenceDevice()
    let store = try ParameterStore([ParameterSpec("w", [1, 1], decays: true)], on: device)
    try store.write([2], to: store["w"])
    let loss = View(try device.allocate(.real, count: 1))
    let adam = try Optimizer(.adamw, store, loss: loss)
    device.upload([3.0], to: store.gradient)
    var control = StepControl(learningRate: 0.5)
    control.clip = .infinity
    let outcome = try adam.update(control)
    // After one step mean and square, corrected, are g and g²: the direction is its sign.
    #expect(outcome.gradientNorm == 3 && outcome.factor == 1)
    let expected = 2 - 0.5 * (1 + Double(Float(0.1)) * 2)
    #expect(abs(Double(store.read(store["w"])[0]) - expected) < 1e-6)
  }

  @Test(arguments: [Float.nan, .infinity])
  func `a number that is not finite changes nothing`(_ bad: Float) throws {
    let device = try CPUDevice(pool: ThreadPool(threads: 1))
    let store = try ParameterStore([ParameterSpec("w", [3, 3], decays: true)], on: device)
    try store.write([Float](repeating: 1, count: 9), to: store["w"])
    let adam = try Optimizer(.adamw, store, loss: View(try device.allocate(.real, count: 1)))
    device.upload([0, bad].span, to: store.gradient)
    #expect(try adam.update(StepControl(learningRate: 1)).skipped)
    #expect(store.read(store["w"]) == [Float](repeating: 1, count: 9))
    #expect(store.readGradient(store["w"]).allSatisfy { $0 == 0 })
    #expect(adam.read(.second, of: store["w"]).allSatisfy { $0 == 0 } && adam.steps == 0)
  }

  /// Parameters of odd sizes after steps of noise that leans one way, every 50th step skipped.
  static func long(_ rule: OptimizerRule, on device: any Device, steps: Int = 1000) throws -> (
    values: [Float], moments: [Float]
  ) {
    let (store, optimizer) = try longStore(rule, on: device, steps: steps)
    return (
      store.parameters.flatMap { store.read($0) },
      store.parameters.flatMap { parameter in
        optimizer.moments(of: parameter).flatMap { optimizer.read($0, of: parameter) }
      }
    )
  }

  private static func longStore(
    _ rule: OptimizerRule, on device: any Device, steps: Int
  ) throws -> (ParameterStore, Optimizer) {
    let store = try ParameterStore(
      [
        ParameterSpec("wide", [5, 33], decays: true),
        ParameterSpec("tall", [19, 6], decays: false),
        ParameterSpec("norm", [7], decays: false),
        ParameterSpec("table", [11, 3], decays: true, isTable: true),
      ], on: device)
    let random = CounterRandom(seed: 9, purpose: 0)
    for parameter in store.parameters {
      try store.write(
        (0..<parameter.range.count).map { Float(random.normal(UInt64($0))) * 0.1 }, to: parameter)
    }
    let loss = View(try device.allocate(.real, count: 1))
    let optimizer = try Optimizer(rule, store, loss: loss)
    for step in 0..<steps {
      let noise = CounterRandom(seed: 9, purpose: 1, step: UInt64(step + 1))
      let gradient = (0..<store.count).map {
        Float(noise.normal(UInt64($0))) * 0.01 + Float($0 % 7 - 3) * 0.003
      }
      device.upload(gradient.span, to: store.gradient)
      var control = StepControl(learningRate: 1e-3)
      control.normLimit = (step + 1) % 50 == 0 ? 0 : .infinity
      _ = try optimizer.update(control)
    }
    #expect(optimizer.steps == steps - steps / 50)
    return (store, optimizer)
  }

  @Test(
    arguments: OptimizerRule.allCases, CPULevel.allCases.filter { $0 <= .supported })
  func `a thousand steps agree with float64`(_ rule: OptimizerRule, _ level: CPULevel) throws {
    let expected = try Self.long(rule, on: ReferenceDevice())
    let actual = try Self.long(rule, on: CPUDevice(pool: ThreadPool(threads: 2), level: level))
    let alone = try Self.long(rule, on: CPUDevice(pool: ThreadPool(threads: 1), level: level))
    #expect(actual.values == alone.values, "whatever the number of threads")
    // A sign near zero may fall either way; then a weight differs by two learning rates.
    let apart = zip(actual.values, expected.values).map { abs($0 - $1) }
    #expect(apart.count { $0 > 2e-5 } <= (rule == .lion ? apart.count / 50 : 0))
    #expect(apart.max() ?? 0 < 5e-3)
    for (a, b) in zip(actual.moments, expected.moments) { #expect(abs(a - b) < 1e-5) }
    // They went somewhere: a step that does nothing would agree as well.
    let start = try Self.long(rule, on: ReferenceDevice(), steps: 0).values
    #expect(zip(expected.values, start).contains { abs($0 - $1) > 0.05 })
  }

  /// One step from w = 2 with g = 3 (not clipped), rate ½, decay 0.1: 2 − ½(1 + 0.2) and 2 − ½(3 + 0.2).
  @Test(arguments: [(OptimizerRule.lion, 1.4), (OptimizerRule.sgd, 0.4)])
  func `the first step is the formula`(_ rule: OptimizerRule, _ expected: Double) throws {
    for device in [ReferenceDevice(), try CPUDevice(pool: ThreadPool(threads: 1))] as [any Device] {
      let store = try ParameterStore([ParameterSpec("w", [1, 1], decays: true)], on: device)
      try store.write([2], to: store["w"])
      let optimizer = try Optimizer(
        rule, store, loss: View(try device.allocate(.real, count: 1)))
      device.upload([Float(3)].span, to: store.gradient)
      var control = StepControl(learningRate: 0.5)
      control.clip = .infinity
      _ = try optimizer.update(control)
      #expect(abs(Double(store.read(store["w"])[0]) - expected) < 1e-6)
    }
  }

  @Test func `muon moves a matrix of equal singular values along itself`() throws {
    // The gradient is √½ times an orthogonal matrix; the iteration maps each singular value alike.
    for device in [ReferenceDevice(), try CPUDevice(pool: ThreadPool(threads: 1))] as [any Device] {
      let store = try ParameterStore([ParameterSpec("w", [2, 2], decays: false)], on: device)
      let optimizer = try Optimizer(
        .muon, store, loss: View(try device.allocate(.real, count: 1)))
      device.upload([Float(0.6), 0.8, -0.8, 0.6].span, to: store.gradient)
      _ = try optimizer.update(StepControl(learningRate: 1))
      var s = 0.5.squareRoot()
      for _ in 0..<5 { s = 3.4445 * s - 4.7750 * s * s * s + 2.0315 * s * s * s * s * s }
      let size = 0.2 * 2.0.squareRoot() * s
      for (w, g) in zip(store.read(store["w"]), [0.6, 0.8, -0.8, 0.6]) {
        #expect(abs(Double(w) + size * g) < 1e-5)
      }
    }
  }
}
