import Base
import Models
import Testing

@testable import Tensors

@Suite("The plan of a shape") struct PlanTests {
  /// Parameters by the arithmetic of the papers: two tables, four products of attention, three of the unit, norms.
  static func count(_ config: LlamaConfig) -> Int {
    let (h, kv) = (config.hiddenSize, config.keyValueHeads * config.headSize)
    let layer: Int = 2 * h * h + 2 * h * kv + 3 * h * config.intermediateSize + 2 * h
    return 2 * config.vocabSize * h + config.hiddenLayers * layer + h
  }

  @Test("a preset is built as large as its formula says", arguments: ModelPreset.all.map(\.name))
  func presets(_ name: String) throws {
    let config = try #require(ModelPreset.named(name)).config
    let store = try ParameterStore(Llama(config).parameters, on: PlanningDevice(for: CPUDevice()))
    #expect(store.count == Self.count(config))
    #expect(config.parameterCount == Self.count(config))
    #expect(try LlamaConfig(json: config.json, strict: true) == config)
  }

  /// As LLM-jp publishes them: embeddings and everything else.
  @Test func `13B has the published numbers`() {
    let count = 1_018_746_880 + 12_688_184_320
    #expect(ModelPreset.named("13b")?.config.parameterCount == count)
  }

  @Test(arguments: Precision.allCases)
  func `memory is what a real run of the shape allocates`(_ precision: Precision) throws {
    let config = LlamaTrainingTests.ornate
    var load = ModelPlan.Load(sequence: 20)
    load.precision = precision
    let plan = try ModelPlan(config, load)
    let device = try CPUDevice(pool: ThreadPool(threads: 1), precision: precision)
    let model = Llama(config)
    let store = try model.initialise(on: device, seed: 1)
    let program = try TrainingProgram(model, store, capacity: 20)
    let adam = try Optimizer(.adamw, store, loss: program.loss)
    var batch = Batch()
    batch.append(sequence: LlamaTrainingTests.sequences(length: 21)[0])
    try program.run(batch, weight: 0.05)
    _ = try adam.update(StepControl(learningRate: 0.1))
    #expect(plan.training.total == device.allocatedBytes)
    #expect(plan.training.weights == (precision == .stochastic ? 2 : 4) * store.paddedCount)
    #expect(plan.training.gradients == 4 * store.paddedCount)
    #expect(plan.training.moments == 8 * store.paddedCount)
    // Layers × (keys and values) × positions × heads × size.
    let cache: Int = 5 * 2 * 20 * 2 * 8 * (precision.isHalf ? 2 : 4)
    #expect(plan.inference.keysAndValues == cache)
  }

  @Test func `operations a token are three forward passes, and recomputing a layer is a fourth`()
    throws
  {
    let config = LlamaTrainingTests.tiny
    var load = ModelPlan.Load(sequence: 16)
    let plain = try ModelPlan(config, load)
    // 2 layers: q and o 32×32, k and v 32×16, three of 32×56, and attention over 16/2 keys, twice.
    let weights: Int = 2 * 32 * 32 + 2 * 32 * 16 + 3 * 32 * 56
    let attention: Int = 2 * 32 * 16 / 2
    let layer = Double(2 * weights + 2 * attention)
    #expect(plain.forwardFLOPs == 2 * layer + 3904)  // the head: 2 × 61 × 32
    #expect(plain.performedFLOPs == 3 * plain.forwardFLOPs)
    load.recompute = .full
    let full = try ModelPlan(config, load)
    // All of a layer but its last product, 32 × 56.
    let again = 2 * (layer - Double(2 * 32 * 56))
    #expect(full.performedFLOPs == 3 * plain.forwardFLOPs + again)
    #expect(full.training.activations < plain.training.activations)
    #expect(plain.secondsPerStep(at: 1000) == 16 * plain.performedFLOPs / 1000)
  }

  @Test func `ranks share the weights of a layer, the layers and the moments`() throws {
    let config = try #require(ModelPreset.named("172B")).config
    var load = ModelPlan.Load(sequence: 128)
    load.layout = try ParallelLayout(parsing: "tp=8,pp=12,dp=4,zero")
    #expect(load.layout.ranks == 384)
    let plan = try ModelPlan(config, load)
    // 8 layers of an eighth each, and one table of an eighth of 99,487 rounded up to 98 × 128 × 8.
    let h = 12_288
    let products: Int = 2 * h * h + 2 * h * 16 * 128 + 3 * h * 38_464
    let layer: Int = products / 8 + 2 * h
    #expect(plan.rankParameters == 8 * layer + 12_544 * h + h)
    #expect(plan.training.moments == 2 * plan.training.weights / 4)
    #expect(plan.parameters == Self.count(config))
    #expect(plan.tokensPerStep == 512)
    load.precision = .bf16
    let short = try ModelPlan(config, load)
    #expect(short.training.weights == plan.training.weights, "upper and lower halves")
    #expect(short.inference.weights == plan.inference.weights / 2)
  }

  @Test func `a stage keeps for each other stage what the backward pass takes of a batch`() throws {
    var config = LlamaTrainingTests.tiny
    config.hiddenLayers = 4
    var load = ModelPlan.Load(sequence: 16)
    load.layout = try ParallelLayout(parsing: "pp=2")
    let two = try ModelPlan(config, load).training.activations
    config.hiddenLayers = 6
    load.layout = try ParallelLayout(parsing: "pp=3")
    let three = try ModelPlan(config, load).training.activations
    // A row's numbers: two norms with their inverses, q with k and v, what is attended with its 4 sums, two sums, gate
    // with up, and their product; beside layers the embedding, the last inverse and the loss's gradient.
    let layer: Int = 2 * (32 + 1) + 64 + 32 + 4 + 2 * 32 + 112 + 56
    #expect(three - two == 16 * 4 * (2 * layer + 32 + 1 + 32))
  }

  @Test(arguments: ["tp=0", "tp=3,pp", "np=2", "", "dp=2,,zero"])
  func `a layout that is none is refused`(_ text: String) {
    #expect(throws: Failure.self) { try ParallelLayout(parsing: text) }
  }

  @Test func `what cannot be shared or does not fit is refused by name`() throws {
    let config = try #require(ModelPreset.named("150M")).config
    func message(_ layout: String, sequence: Int = 64) -> String {
      var load = ModelPlan.Load(sequence: sequence)
      do {
        load.layout = try ParallelLayout(parsing: layout)
        _ = try ModelPlan(config, load)
        return ""
      } catch { return "\(error)" }
    }
    #expect(message("tp=3").contains("num_attention_heads 8"))
    #expect(message("pp=13").contains("num_hidden_layers 12"))
    #expect(message("dp=1", sequence: 5000).contains("max_position_embeddings 4096"))
  }
}
