import Base
import Testing

@Suite("Paths") struct PathTests {
  @Test(
    "have name, parent, stem and extension",
    arguments: [
      ("a", "a", ".", "a", ""), ("a/b.txt", "b.txt", "a", "b", "txt"),
      ("/a", "a", "/", "a", ""), ("/", "/", "/", "/", ""), ("a/", "a", ".", "a", ""),
      ("a//b", "b", "a", "b", ""), (".", ".", "..", ".", ""), ("..", "..", "../..", "..", ""),
      ("../..", "..", "../../..", "..", ""), ("x/.hidden", ".hidden", "x", ".hidden", ""),
      ("d.x/data.jsonl.gz", "data.jsonl.gz", "d.x", "data.jsonl", "gz"), ("", ".", "..", ".", ""),
      ("a/\u{3099}か.か\u{3099}", "\u{3099}か.か\u{3099}", "a", "\u{3099}か", "か\u{3099}"),
    ])
  func parts(_ text: String, _ name: String, _ parent: String, _ stem: String, _ ending: String) {
    let path = Path(text)
    #expect(path.name.unicodeScalars.elementsEqual(name.unicodeScalars))
    #expect(path.parent == Path(parent))
    // The stem of ".." is of no use to anyone.
    if name != ".." { #expect(path.stem == stem) }
    if name != ".." { #expect(path.fileExtension == ending) }
  }

  @Test("join, with absolute names standing for themselves")
  func joining() {
    #expect(Path("a") / "b" == "a/b")
    #expect(Path("/") / "b" == "/b")
    #expect(Path(".") / "b" == "b")
    #expect(Path("a") / "/b" == "/b")
    #expect(Path("a/") / "b/" == "a/b")
  }

  @Test("resolve dots by text")
  func absolute() {
    #expect(Path("/a/./b/../c//d/").absolute == "/a/c/d")
    #expect(Path("/../..").absolute == "/")
    #expect(Path("x").absolute == Path.currentFolder / "x")
  }

  @Test("say where they lie inside another")
  func relative() {
    #expect(Path("/a/b/c").relative(to: "/a") == "b/c")
    #expect(Path("/a").relative(to: "/a/") == ".")
    #expect(Path("/ab").relative(to: "/a") == nil)
    #expect(Path("/a/../b").relative(to: "/a") == nil)
    #expect(Path("/b").relative(to: "/") == "b")
  }

  @Test("are told apart and ordered by their bytes")
  func comparison() {
    #expect(Path("\u{304C}") != Path("\u{304B}\u{3099}"))
    #expect(Set([Path("\u{304C}"), Path("\u{304B}\u{3099}"), Path("\u{304C}/")]).count == 2)
    #expect(Path("Z") < Path("a"))
    #expect(Path("a") < Path("a/b"))
  }
}
