import Base
import Formats
import TestSupport
import Testing

@testable import Lab

@Suite("Experiments") struct ExperimentsTests {
  @Test func `one is registered, found, noted, and told whole`() throws {
    try withTemporaryFolder { folder in
      let experiments = Experiments(try Workspace.create(at: folder))
      var provenance = Provenance.current(
        version: "0.1", commit: "abc", libraries: ["OpenBLAS": "0.3.21"], hashes: ["data": "00ff"],
        commandLine: ["kaji", "exp", "new", "日本語: \"x\""])
      provenance.threads = 2
      let made = try experiments.create(
        slug: "llama-1.8b", kind: .pretrain, title: "歯車: # of the night",
        purpose: "To see\nwhether",
        owner: "yu", links: ["https://example.org/1"], provenance: provenance)
      #expect(made.folder.name == "0001_llama-1.8b")
      for place in [
        made.folder.run, made.folder.control, made.folder.checkpoints, made.folder.logs,
      ] {
        #expect(Files.isDirectory(place))
      }
      #expect(try experiments.find(1) == made)
      try experiments.note(1, "loss: went up - then down")
      try experiments.setState(1, .failed)
      let read = try experiments.find(1)
      #expect(read.notes.map(\.text) == ["loss: went up - then down"])
      #expect(read.state == .failed)
      #expect(read.provenance == provenance)
      #expect(read.title == made.title && read.purpose == made.purpose && read.links == made.links)
      let text = try Files.readText(made.folder.settings)
      #expect(text.contains("kind: pretrain"))
      #expect(try Files.list(folder / "experiments") == [".numbers", "0001_llama-1.8b"])
    }
  }

  @Test func `numbers are taken once, given or next`() throws {
    try withTemporaryFolder { folder in
      let experiments = Experiments(try Workspace.create(at: folder))
      func make(_ slug: String, _ number: Int? = nil) throws -> Int {
        try experiments.create(
          slug: slug, kind: .study, number: number, provenance: Provenance()
        ).number
      }
      #expect(try make("a") == 1)
      #expect(try make("b", 120) == 120)
      #expect(try make("c") == 121)
      #expect(throws: Failure.self) { _ = try make("d", 120) }
      #expect(throws: Failure.self) { _ = try make("d", 0) }
      #expect(try make("e", 12345) == 12345)
      #expect(Files.exists(folder / "experiments/12345_e"))
      for slug in ["", "../x", "a/b", ".hidden", "a b", String(repeating: "x", count: 200)] {
        #expect(throws: Failure.self) { _ = try make(slug) }
      }
      // A number stays taken when its folder is gone, and a folder from elsewhere keeps its own.
      try Files.remove(folder / "experiments/12345_e")
      try Files.makeDirectory(folder / "experiments/12346_copied")
      #expect(throws: Failure.self) { _ = try make("f", 12345) }
      #expect(throws: Failure.self) { _ = try make("f", 12346) }
      #expect(try make("f") == 12347)
    }
  }

  @Test func `eight threads with different slugs never share a number`() throws {
    try withTemporaryFolder { folder in
      let experiments = Experiments(try Workspace.create(at: folder))
      ThreadPool(threads: 8).run(8) { thread in
        for round in 0..<5 {
          do {
            _ = try experiments.create(
              slug: "t\(thread)-\(round)", kind: .study, provenance: Provenance())
          } catch { Issue.record(error) }
        }
      }
      #expect(try experiments.list().experiments.map(\.number) == Array(1...40))
    }
  }

  @Test func `keys of a later Kaji are kept, and notes in their order`() throws {
    try withTemporaryFolder { folder in
      let experiments = Experiments(try Workspace.create(at: folder))
      let file = try experiments.create(slug: "a", kind: .study, provenance: Provenance()).folder
        .settings
      var text = try Files.readText(file)
      text = text.replacing("provenance:\n", with: "provenance:\n  weather: rain\n")
      try Files.write(text + "team: {name: gears, size: 3}\n", to: file)
      for k in 0..<10 { try experiments.note(1, "note \(k)") }
      #expect(try experiments.find(1).notes.map(\.text) == (0..<10).map { "note \($0)" })
      let json = try YAML.read(file).root
      #expect(json["team"] == ["name": "gears", "size": 3])
      #expect(json["provenance"]?["weather"] == "rain")
      #expect(json["notes"]?.array?.count == 10)

      // What a later Kaji says of a note stays with that note.
      let marked = try Files.readText(file).replacing(
        "text: note 3\n", with: "text: note 3\n    pinned: true\n")
      try Files.write(marked, to: file)
      try experiments.note(1, "note 10")
      let notes = try #require(try YAML.read(file).root["notes"]?.array)
      #expect(notes.count == 11)
      #expect(notes.indices.filter { notes[$0]["pinned"]?.bool == true } == [3])
    }
  }

  @Test func `only folders that hold a checkpoint's name are checkpoints`() throws {
    try withTemporaryFolder { folder in
      let place = ExperimentFolder(folder)
      for name in [
        "step-00000020", "step-00000003", "step-123456789", "step--5", "step-7", "step-+0000009",
        ".step-00000004", "step-99999999999999999999",
      ] {
        try Files.makeDirectory(place.checkpoints / name)
      }
      #expect(place.checkpointSteps() == [3, 20, 123_456_789])
    }
  }

  @Test func `a damaged one is told of and hides no other`() throws {
    try withTemporaryFolder { folder in
      let experiments = Experiments(try Workspace.create(at: folder))
      for slug in ["a", "b", "c"] {
        _ = try experiments.create(slug: slug, kind: .study, provenance: Provenance())
      }
      try Files.write("number: 2\nkind: [", to: folder / "experiments/0002_b/experiment.yaml")
      try Files.write("number: 7\nkind: study\n", to: folder / "experiments/0003_c/experiment.yaml")
      let list = try experiments.list()
      #expect(list.experiments.map(\.number) == [1])
      #expect(list.problems.count == 2)
      #expect(list.problems.allSatisfy { $0.contains("experiment.yaml") })
      #expect(throws: Failure.self) { _ = try experiments.find(9) }
    }
  }

  @Test func `a read-only workspace lists and refuses to write`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder)
      _ = try Experiments(workspace).create(slug: "a", kind: .study, provenance: Provenance())
      let guest = Workspace(root: folder, isWritable: false, settings: WorkspaceSettings())
      #expect(try Experiments(guest).list().experiments.count == 1)
      #expect(throws: Failure.self) { try Experiments(guest).note(1, "x") }
      #expect(throws: Failure.self) {
        _ = try Experiments(guest).create(slug: "b", kind: .study, provenance: Provenance())
      }
    }
  }
}
