import Base
import TestSupport
import Testing

@Suite("Version store") struct VersionStoreTests {
  @Test func `versions are listed, named and never changed`() throws {
    try withTemporaryFolder { folder in
      let store = VersionStore.corpora(of: folder)
      #expect(throws: Failure.self) { try store.latest(of: "wiki") }
      for number in [3, 12] {
        let staged = try store.begin("wiki", version: number)
        try Files.write("documents: \(number)\n", to: staged.folder / "corpus.yaml")
        #expect(try !store.versions(of: "wiki").contains(number))
        try staged.commit()
      }
      #expect(try store.names() == ["wiki"])
      #expect(try store.versions(of: "wiki") == [3, 12])
      #expect(try store.resolve("wiki").version == 12)
      try store.setLatest(3, of: "wiki")
      #expect(try Files.readText(folder / "corpora/wiki/latest", limit: 64) == "v0003\n")
      for text in ["wiki", "wiki@latest"] {
        #expect(try store.resolve(text).folder == folder / "corpora/wiki/v0003")
      }
      for text in ["wiki@v0012", "wiki@12"] {
        #expect(try store.resolve(text).description == "wiki@v0012")
      }
      #expect(throws: Failure.self) { try store.setLatest(5, of: "wiki") }
      #expect(throws: Failure.self) { try store.begin("wiki", version: 3) }
      #expect(throws: Failure.self) { try store.resolve("wiki@5") }
      #expect(throws: Failure.self) { try store.resolve("../wiki") }
      let error = #expect(throws: Failure.self) { try store.resolve("wik") }
      #expect(error?.remedy == "Did you mean wiki?")
    }
  }

  @Test func `an interrupted version is not seen, and does not stand in the way`() throws {
    try withTemporaryFolder { folder in
      let store = VersionStore(folder, kind: "corpus")
      let staged = try store.begin("c", version: 4)
      try Files.write("half", to: staged.folder / "corpus.yaml")
      #expect(try store.names().isEmpty)
      #expect(try store.versions(of: "c").isEmpty)
      let again = try store.begin("c", version: 4)
      #expect(try Files.list(again.folder).isEmpty)
    }
  }

  @Test func `the latest never goes back, and no version hides what it does not hold`() throws {
    try withTemporaryFolder { folder in
      let store = VersionStore(folder, kind: "corpus")
      #expect(try store.newest(of: "c") == nil)
      let (first, second) = (try store.begin("c", version: 1), try store.begin("c", version: 2))
      let third = try store.begin("c", version: 3)
      #expect(try second.commit(succeeding: nil))
      #expect(try store.newest(of: "c") == 2)
      // Both were made out of nothing: they do not hold what the second does.
      #expect(try !first.commit(succeeding: nil))
      #expect(try !third.commit(succeeding: nil))
      #expect(try store.versions(of: "c") == [2])
      #expect(try third.commit(succeeding: 2))
      // One that is wanted all the same appears, but is not the latest.
      try first.commit()
      #expect(try store.versions(of: "c") == [1, 2, 3])
      #expect(try store.newest(of: "c") == 3)
      #expect(try Files.list(folder / "c") == ["latest", "v0001", "v0002", "v0003"])
    }
  }

  @Test func `a version cut short is completed, or its draft removed`() throws {
    try withTemporaryFolder { folder in
      let store = VersionStore(folder, kind: "corpus")
      #expect(try store.completed("c", version: 1) == nil)
      for number in [1, 2] { try store.begin("c", version: number).commit() }
      // As a process leaves it that dies between the version's rename and the file `latest`.
      try store.setLatest(1, of: "c")
      #expect(try store.completed("c", version: 2) == store.path(of: "c", version: 2))
      #expect(try store.latest(of: "c") == 2)
      // An older version does not take the place of a newer one.
      #expect(try store.completed("c", version: 1) != nil)
      #expect(try store.latest(of: "c") == 2)

      for number in [3, 12] { _ = try store.begin("c", version: number) }
      try Files.makeDirectory(folder / "c/.other.tmp")
      #expect(try store.drafts(of: "c") == [3, 12])
      try store.removeDraft(of: "c", version: 3)
      #expect(try store.drafts(of: "c") == [12])
      #expect(Files.exists(folder / "c/.other.tmp"))
    }
  }

  @Test(arguments: [
    ("wiki", true), ("霧坂-v1.2_x", true), ("3", true), ("は\u{3099}", true), ("", false),
    (".hidden", false), ("-x", false), ("a/b", false), ("../x", false), ("a b", false),
    ("a\u{202E}b", false), ("a\u{200D}", false), (String(repeating: "a", count: 121), false),
  ])
  func `names are letters, digits and little else`(text: String, isValid: Bool) {
    #expect(Name.isValid(text) == isValid)
  }

  @Test(
    arguments: [
      ("v0003", 3), ("v3", 3), ("12", 12), ("v12345", 12345), ("v", nil), ("", nil), ("v-1", nil),
      ("v１", nil), ("99999999999999999999", nil),
    ] as [(String, Int?)])
  func `versions are read`(text: String, number: Int?) {
    #expect(parseVersion(text) == number)
  }
}
