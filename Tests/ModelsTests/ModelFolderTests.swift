import Base
import Models
import Tensors
import TestSupport
import Testing

@Suite("A folder of a model") struct ModelFolderTests {
  @Test("weights come back, in one file or in several with an index", arguments: [1 << 30, 20_000])
  func roundTrip(_ limit: Int) throws {
    try withTemporaryFolder { folder in
      let device = try CPUDevice(pool: ThreadPool(threads: 1))
      let model = Llama(LlamaTrainingTests.ornate)
      let store = try model.initialise(on: device, seed: 4)
      try ModelFolder.write(model, store, to: folder, shardLimit: limit)
      let index = folder / "model.safetensors.index.json"
      #expect(Files.exists(index) == (limit == 20_000))
      #expect(Files.exists(folder / "model.safetensors") != Files.exists(index))
      let loaded = try ModelFolder(folder).load(on: device)
      #expect(loaded.model.config == model.config)
      for (parameter, other) in zip(store.parameters, loaded.parameters.parameters) {
        #expect(parameter == other && store.read(parameter) == loaded.parameters.read(other))
      }
    }
  }

  @Test func `weights come into parameters that are there, if they fit`() throws {
    try withTemporaryFolder { folder in
      let device = try CPUDevice(pool: ThreadPool(threads: 1))
      let model = Llama(LlamaTrainingTests.tiny)
      let store = try model.initialise(on: device, seed: 4)
      try ModelFolder.write(model, store, to: folder)
      let other = try model.initialise(on: device, seed: 5)
      try ModelFolder(folder).load(into: other)
      for parameter in store.parameters {
        #expect(store.read(parameter) == other.read(parameter))
      }
      let misfit = try Llama(LlamaTrainingTests.ornate).initialise(on: device, seed: 4)
      #expect(throws: Failure.self) { try ModelFolder(folder).load(into: misfit) }
    }
  }

  @Test func `a shard that is not there is named`() throws {
    try withTemporaryFolder { folder in
      let device = try CPUDevice(pool: ThreadPool(threads: 1))
      let model = Llama(LlamaTrainingTests.tiny)
      let store = try model.initialise(on: device, seed: 4)
      try ModelFolder.write(model, store, to: folder, shardLimit: 20_000)
      let shard = try #require(
        try Files.list(folder).first { $0.contains("00002-of") })
      try Files.remove(folder / shard)
      do {
        _ = try ModelFolder(folder).load(on: device)
        Issue.record("a model without \(shard) was loaded")
      } catch { #expect("\(error)".contains(shard)) }
    }
  }
}
