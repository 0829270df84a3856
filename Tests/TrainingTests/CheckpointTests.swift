import Base
import Formats
import Models
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite("Checkpoints") struct CheckpointTests {
  /// Writes checkpoints of a run that has made two updates.
  static func write(_ steps: [Int], to folder: Path, keep: Int = 0) throws -> [Checkpoint] {
    let run = try TinyRun(folder / ".scratch", steps: 2)
    _ = try run.trainer(Recorder()).run()
    try Files.remove(folder / ".scratch")
    return try steps.map { step in
      var state = TinyRun.fresh
      state.step = step
      let checkpoint = try Checkpoint.write(
        step: step, to: folder, state: state, numbers: CheckpointSnapshot(run.optimizer),
        writeModel: { try $1.writeModel(TinyRun.config, to: $0) }, willCommit: {})
      try Checkpoint.prune(folder, keeping: .init(keep: keep))
      return checkpoint
    }
  }

  @Test func `has the files of Hugging Face and the state beside them`() throws {
    try withTemporaryFolder { folder in
      let checkpoint = try Self.write([20], to: folder)[0]
      #expect(
        try Files.list(checkpoint.folder)
          == ["config.json", "generation_config.json", "model.safetensors", "state"])
      #expect(
        try Files.list(checkpoint.folder / "state")
          == ["manifest.json", "optimizer-00001-of-00001.safetensors", "trainer.json"])
      try checkpoint.verify()
      #expect(try checkpoint.state(policy: .init()).step == 20)
      let file = try SafetensorsFile(
        checkpoint.folder / "state/optimizer-00001-of-00001.safetensors")
      let moments = try file.floats("exp_avg_sq/model.norm.weight[0,16)")
      #expect(moments.count == 16 && moments.allSatisfy { $0 > 0 })
    }
  }

  @Test func `moments come back as they were`() throws {
    try withTemporaryFolder { folder in
      let checkpoint = try Self.write([20], to: folder)[0]
      let fresh = try TinyRun(folder / "b", steps: 2)
      let trained = try TinyRun(folder / "c", steps: 2)
      _ = try trained.trainer(Recorder()).run()
      try checkpoint.loadMoments(into: fresh.optimizer)
      for parameter in fresh.store.parameters {
        let other = trained.store.find(parameter.name)!
        #expect(
          fresh.optimizer.read(.first, of: parameter) == trained.optimizer.read(.first, of: other))
        #expect(
          fresh.optimizer.read(.second, of: parameter) == trained.optimizer.read(.second, of: other)
        )
      }
    }
  }

  /// Cuts the moments as other ranks would have, and applies `change` to what is written of each.
  private func rewrite(
    _ state: Path, change: (String, Range<Int>) -> [Range<Int>] = { [$1] }
  ) throws {
    let whole = try SafetensorsFile(state / MomentFiles.whole)
    var files: [[SafetensorsSource]] = [[], [], []]
    for (index, entry) in whole.entries.enumerated() {
      let numbers = try whole.floats(entry)
      let (owner, range) = try #require(MomentFiles.address(entry.name))
      let cuts = [0, range.count / 3, range.count * 2 / 3, range.count]
      for (part, (begin, end)) in zip(cuts, cuts.dropFirst()).enumerated() where begin < end {
        for stretch in change(owner, begin..<end) {
          files[(index + part) % 3].append(
            SafetensorsSource(
              "\(owner)[\(stretch.lowerBound),\(stretch.upperBound))", type: .f32,
              shape: [stretch.count]
            ) { try $0.put(Array(numbers[stretch])) })
        }
      }
    }
    try Files.remove(state / MomentFiles.whole)
    for (index, sources) in files.enumerated() {
      try SafetensorsWriter.write(
        sources, to: state / "optimizer-0000\(index + 1)-of-00003.safetensors")
    }
  }

  @Test func `moments that three ranks wrote are the same`() throws {
    try withTemporaryFolder { folder in
      let checkpoint = try Self.write([20], to: folder)[0]
      let whole = try TinyRun(folder / "b", steps: 2)
      try checkpoint.loadMoments(into: whole.optimizer)
      try rewrite(checkpoint.folder / "state")
      let parts = try TinyRun(folder / "c", steps: 2)
      try checkpoint.loadMoments(into: parts.optimizer)
      for (one, other) in zip(whole.store.parameters, parts.store.parameters) {
        for moment in Optimizer.Moment.allCases {
          #expect(
            whole.optimizer.read(moment, of: one) == parts.optimizer.read(moment, of: other))
        }
      }
    }
  }

  @Test("stretches that overlap, leave a gap, go beyond or belong to nobody are refused by name")
  func wrongStretches() throws {
    let norm = "exp_avg/model.norm.weight"
    let wrong: [(Range<Int>) -> [Range<Int>]] = [
      { $0.lowerBound == 0 ? [] : [$0] },
      { $0.upperBound == 16 ? [] : [$0] },
      { $0.lowerBound == 5 ? [4..<$0.upperBound] : [$0] },
      { $0.lowerBound == 5 ? [$0, 5..<9] : [$0] },
    ]
    for change in wrong {
      try withTemporaryFolder { folder in
        let checkpoint = try Self.write([20], to: folder)[0]
        try rewrite(checkpoint.folder / "state") { $0 == norm ? change($1) : [$1] }
        let run = try TinyRun(folder / "b", steps: 2)
        let failure = #expect(throws: Failure.self) {
          try checkpoint.loadMoments(into: run.optimizer)
        }
        #expect(failure?.problem.contains(norm) == true, "\(failure?.problem ?? "")")
      }
    }
    for name in ["exp_avg/w", "exp_avg/w[0,3]", "a[3,3)", "a[-1,3)", "a[1,2,3)", "a[1,9e9)", "[)"] {
      #expect(MomentFiles.address(name) == nil)
    }
  }

  @Test func `every damaged byte, missing and shortened file is found`() throws {
    try withTemporaryFolder { folder in
      let checkpoint = try Self.write([20], to: folder)[0]
      var names = try Files.list(checkpoint.folder).filter { $0 != "state" }
      names += ["state/optimizer-00001-of-00001.safetensors", "state/trainer.json"]
      for (index, name) in names.enumerated() {
        let path = checkpoint.folder / name
        let good = try Files.read(path)
        var bad = good
        bad[(good.count * (2 * index + 1)) / 16 % good.count] ^= 4
        for bytes in [bad, good.dropLast(), []] {
          try Files.write(Array(bytes), to: path)
          let failure = #expect(throws: Failure.self) { try checkpoint.verify() }
          #expect(failure?.problem.contains(name) == true)
        }
        try Files.remove(path)
        #expect(throws: Failure.self) { try checkpoint.verify() }
        try Files.write(good, to: path)
        try checkpoint.verify()
      }
      let manifest = checkpoint.folder / "state/manifest.json"
      for text in ["", "{}", "{\"files\": {}}", "{\"files\": [1]}", "{\"files\": {\"a\": 3}}"] {
        try Files.write(text, to: manifest)
        #expect(throws: (any Error).self) { try checkpoint.verify() }
      }
      try Files.remove(manifest)
      #expect(throws: (any Error).self) { try checkpoint.verify() }
    }
  }

  @Test func `the newest stay, and a removal cut short leaves nothing torn`() throws {
    try withTemporaryFolder { folder in
      _ = try Self.write([20, 40, 60, 80], to: folder, keep: 2)
      #expect(Checkpoint.all(in: folder).map(\.step) == [80, 60])
      try Checkpoint.prune(folder, keeping: .init())
      #expect(Checkpoint.all(in: folder).count == 2)
      try Files.makeDirectory(folder / ".old-step-00000020")
      try Files.makeDirectory(folder / ".step-00000100/state")
      try Files.write("torn", to: folder / ".step-00000100/model.safetensors")
      try Files.makeDirectory(folder / "step-x")
      #expect(Checkpoint.all(in: folder).map(\.step) == [80, 60], "dotted names are not seen")
      try Checkpoint.sweep(folder)
      #expect(try Files.list(folder) == ["latest", "step-00000060", "step-00000080", "step-x"])
    }
  }

  @Test func `a whole checkpoint of the same step stays, a damaged one gives way`() throws {
    try withTemporaryFolder { folder in
      let checkpoint = try Self.write([20], to: folder)[0]
      let inode = try Files.status(checkpoint.folder / "model.safetensors").inode
      _ = try Self.write([20], to: folder)
      #expect(try Files.status(checkpoint.folder / "model.safetensors").inode == inode)
      try Files.write("torn", to: checkpoint.folder / "model.safetensors")
      _ = try Self.write([20], to: folder)
      try checkpoint.verify()
      #expect(Files.exists(folder / ".damaged-step-00000020"))
    }
  }

  @Test func `writing that fails leaves no trace`() throws {
    try withTemporaryFolder { folder in
      let run = try TinyRun(folder, steps: 2)
      func write(_ body: @escaping (Path) throws -> Void) throws {
        _ = try Checkpoint.write(
          step: 3, to: folder, state: TinyRun.fresh, numbers: LiveNumbers(optimizer: run.optimizer),
          writeModel: { folder, _ in try body(folder) },
          willCommit: {})
      }
      #expect(throws: Failure.self) {
        try write {
          try Files.write("half", to: $0 / "config.json"); throw Failure("full", remedy: "")
        }
      }
      #expect(try Files.list(folder) == [])
      // A folder that is a file: nothing can be made there.
      try Files.write("", to: folder / "file")
      #expect(throws: Failure.self) {
        _ = try Checkpoint.write(
          step: 3, to: folder / "file", state: TinyRun.fresh,
          numbers: LiveNumbers(optimizer: run.optimizer),
          writeModel: { _, _ in }, willCommit: {})
      }
    }
  }

  @Test func `a state with fields missing or wrong is refused`() throws {
    for text in ["[]", "{}", "{\"step\": -1}", "{\"step\": \"a\"}"] {
      #expect(throws: Failure.self) {
        try TrainerState(try JSON.parse(text), policy: .init(), file: "trainer.json")
      }
    }
  }
}
