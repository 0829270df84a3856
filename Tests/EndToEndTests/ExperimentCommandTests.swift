import Base
import TestSupport
import Testing

@Suite("Experiment commands") struct ExperimentCommandTests {
  @Test func `eight processes at once get eight numbers`() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      _ = try kaji("init")
      // Each registers five, and all begin when the file `go` appears.
      let script = """
        cd "$2" || exit
        for racer in 1 2 3 4 5 6 7 8; do
          (
            while [ ! -e go ]; do :; done
            for round in 1 2 3 4 5; do "$1" exp new "slug-$racer-$round" || echo failed; done
          ) &
        done
        touch go; wait
        """
      let (status, output) = try Subprocess.run([
        "/bin/sh", "-c", script, "sh", Kaji.program.string, folder.string,
      ])
      #expect(status == 0)
      let printed = String(decoding: output, as: UTF8.self).split(separator: "\n")
      #expect(!printed.contains("failed"))
      let list = try kaji.json("exp", "list").array ?? []
      #expect(list.compactMap { $0["number"]?.int } == Array(1...40))
      #expect(Set(list.compactMap { $0["slug"]?.string }).count == 40)
      #expect(Set(list.compactMap { $0["folder"]?.string }) == Set(printed.map(String.init)))
    }
  }

  @Test func `a note without words is refused`() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      _ = try kaji("init")
      _ = try kaji("exp", "new", "x")
      expectFailure(try kaji("exp", "note", "1", ""), status: 2, "the note is empty")
      expectFailure(try kaji("exp", "note", "1", "-", input: " \n\n"), status: 2, "empty")
      #expect(try kaji.json("exp", "note", "1", "ok")["notes"]?.int == 1)
    }
  }
}
