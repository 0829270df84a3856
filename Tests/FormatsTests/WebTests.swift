import Base
import TestSupport
import Testing

@testable import Formats

/// Files of the web, made by `Goldens/make-web.py`: warcio 1.8.1, Python 3.11's bz2.
@Suite("Files of the web") struct WebTests {
  static let goldens = Path(#filePath).parent / "Goldens" / "web"
  static let text = "霧坂の塩の作り方\n霧坂の塩は春に作られ、夏には澪都の市で売られる。海の水を石の鍋で煮る。"

  static func all(_ reader: some DocumentReader) throws -> [SourceDocument] {
    var reader = reader
    var documents: [SourceDocument] = []
    while let document = try reader.next() { documents.append(document) }
    return documents
  }

  static func page(_ body: String) throws -> String {
    try HTMLPage(Array("<html><body>\(body)</body></html>".utf8)).text
  }

  // MARK: HTML

  @Test("leaves out menus, feet, scripts, and lists of links") func mainText() throws {
    let sentence = "The salt of Kirisaka is made in spring, and sold on the market of Mioto."
    #expect(
      try Self.page(
        """
        <header><div><a href=a>Home</a> <a href=b>Map</a></div></header><nav>Here and there.</nav>
        <h1>Salt</h1><p>\(sentence)<p>\(sentence)<script>var x = "A long line that is no text.";</script>
        <ul><li><a href=c>Another page about salt, with a long name of its own</a></ul>
        <footer>All rights are with the town of Kirisaka, and nobody else.</footer>
        """) == "Salt\n\(sentence)\n\(sentence)")
  }

  @Test("believes what a page calls its main part") func marked() throws {
    let sentence = "霧坂の塩は春に作られる。海の水を石の鍋で煮る。夏には澪都の市で売られ、冬には橋を渡って灯原まで運ばれる。"
    let body =
      "<div>\(sentence)外。</div><article><p>\(sentence)<p>\(sentence)<p>\(sentence)</article>"
    #expect(try Self.page(body) == [sentence, sentence, sentence].joined(separator: "\n"))
  }

  @Test("keeps lines where a page keeps them, joins Japanese without a space") func spaces() throws
  {
    let code = "let x = 1  // a line that is long enough to be kept by itself, surely\n  print(x)"
    #expect(try Self.page("<pre>\n\(code)\n</pre>") == code)
    let broken = "春に作られ、\n 夏に売られる塩は、\n\nthe salt of\n Kirisaka と呼ばれている。"
    #expect(
      try Self.page("<p>\(broken)</p>")
        == "春に作られ、夏に売られる塩は、 the salt of Kirisaka と呼ばれている。")
  }

  @Test("reads the language and the title, and any encoding the page names") func encodings() throws
  {
    // 日本語 in EUC-JP and in Shift_JIS.
    let euc: [UInt8] = [0xC6, 0xFC, 0xCB, 0xDC, 0xB8, 0xEC]
    let head = "<html lang='ja'><head><meta charset='EUC-JP'><title>"
    let tail = "</title></head><body></body></html>"
    let page = try HTMLPage(Array(head.utf8) + euc + Array(tail.utf8))
    #expect(page.title == "日本語" && page.language == "ja" && page.text == "")
    let jis: [UInt8] = [0x93, 0xFA, 0x96, 0x7B, 0x8C, 0xEA]
    let told = try HTMLPage(
      Array("<title>".utf8) + jis + Array("</title><p>x".utf8), charset: "Shift_JIS")
    #expect(told.title == "日本語")
    let escaped = "<meta charset=iso-2022-jp><title>\u{1B}$BF|K\\8l\u{1B}(B</title><p>x"
    #expect(try HTMLPage(Array(escaped.utf8)).title == "日本語")
  }

  @Test("survives damaged pages") func fuzzingPages() throws {
    let seed = Array(
      """
      <!doctype html><html><head><meta charset="utf-8"><title>霧坂</title></head><body><div role="main">
      <p>霧坂の塩は春に作られる。<a href="x">次の頁</a></p><table><tr><td>1<td>2</table><pre>a
        b</pre><!-- x --><svg><path d=""/></svg></div></body></html>
      """.utf8)
    var fuzzer = Fuzzer(
      seeds: [seed], words: ["<div>", "</p>", "<a ", "&#x", "<!--", "<![CDATA[", "<svg>", "\0"])
    fuzzer.run { bytes in
      guard let page = try? HTMLPage(bytes) else { return false }
      return !page.text.isEmpty || page.title != nil
    }
  }

  // MARK: WARC

  @Test("reads pages and texts of a crawl, whatever their encodings", arguments: ["", ".gz"])
  func warc(_ suffix: String) throws {
    let documents = try Self.all(WARCDocuments(Self.goldens / "pages.warc\(suffix)"))
    #expect(documents.map(\.number) == [2, 3, 4, 7])
    for document in documents.dropLast() { #expect(document.content == .text(Self.text)) }
    #expect(documents.last?.content == .text("文字だけ。"))
    let fields = Dictionary(uniqueKeysWithValues: documents[0].fields.map { ($0.key, $0.value) })
    #expect(fields["url"] == "http://example.jp/2" && fields["title"] == "霧坂の塩")
    #expect(fields["date"] == "2024-05-01T00:00:00Z")
  }

  @Test("reads extracted texts") func wet() throws {
    let documents = try Self.all(WARCDocuments(Self.goldens / "text.warc.wet.gz"))
    #expect(documents.map(\.content) == [.text("一つ目の文。"), .text("two\nlines")])
  }

  @Test("an index leads to each record again", arguments: ["", ".gz"])
  func index(_ suffix: String) throws {
    let path = Self.goldens / "pages.warc\(suffix)"
    let records = try WARCReader.index(path)
    #expect(records.map(\.number) == Array(1...7))
    for record in records {
      var reader = try WARCReader(path, at: try #require(record.offset))
      let again = try #require(try reader.next())
      #expect(again.fields == record.fields && again.length == record.length)
      #expect(try reader.block()?.count == record.length)
    }
  }

  @Test("names the record that is wrong") func wrongRecord() throws {
    try withTemporaryFolder { folder in
      let path = folder / "x.warc"
      var bytes = try Files.read(Self.goldens / "pages.warc")
      bytes.removeLast(20)
      try Files.write(bytes, to: path)
      #expect(complaint { try Self.all(WARCDocuments(path)) }.contains("record 7 ends after"))
    }
  }

  @Test("survives damaged crawls") func fuzzingCrawls() throws {
    let seed = try Files.read(Self.goldens / "pages.warc")
    try withTemporaryFolder { folder in
      let path = folder / "x.warc"
      var fuzzer = Fuzzer(
        seeds: [seed], header: 10,
        words: ["WARC/1.0\r\n", "Content-Length: 5\r\n", "\r\n\r\n", "HTTP/1.1 200 OK\r\n"])
      try fuzzer.run { bytes in
        try rewrite(path, with: bytes)
        guard var reader = try? WARCDocuments(path) else { return false }
        do { while try reader.next() != nil {} } catch {
          return !oneLine(error).contains("record 1 does not begin")
        }
        return true
      }
    }
  }

  // MARK: MediaWiki

  @Test("reads articles of a dump of several bzip2 streams as plain text") func dump() throws {
    let documents = try Self.all(MediaWikiDocuments(Self.goldens / "dump.xml.bz2"))
    #expect(documents.map(\.number) == [1, 4, 5])
    #expect(
      documents[0].content
        == .text("霧坂（きりさか、Kirisaka）は海辺の町である。\n産業\n塩を作る。"))
    #expect(documents[0].fields.map(\.key) == ["title", "page_id"])
    #expect(documents[0].fields.map(\.value) == ["霧坂", "12"])
    #expect(documents[1].content == .text("澪都は島だ。A & B"))
    #expect(documents[2].content == .skipped(reason: "a page without text"))
  }

  @Test("names the line at which a dump breaks off") func brokenDump() throws {
    try withTemporaryFolder { folder in
      let path = folder / "x.xml"
      try Files.write("<mediawiki>\n<page><title>a</title>\n", to: path)
      #expect(complaint { try Self.all(MediaWikiDocuments(path)) }.contains("near line"))
      try Files.write("<html><p>x</p></html>", to: path)
      #expect(complaint { try Self.all(MediaWikiDocuments(path)) }.contains("no MediaWiki dump"))
    }
  }

  @Test("markup that is not closed stays, and costs no time") func unclosed() {
    #expect(WikiText.plain("a {{b [[c <ref>d") == "a {{b [[c d")
    for mark in ["{{", "[[", "<ref>", "[http ", "{|", "<!-"] {
      let text = String(repeating: mark, count: 20_000)
      #expect(WikiText.plain(text).utf8.count <= text.utf8.count)
    }
    #expect(WikiText.plain("l'eau '''b''' ''i'' [[a|b|c]] [http://x y z]") == "l'eau b i c y z")
  }

  @Test("survives damaged dumps") func fuzzingDumps() throws {
    let content = try ContentReader(Self.goldens / "dump.xml.bz2")
    var seed: [UInt8] = []
    while try content.read(into: &seed) > 0 {}
    try withTemporaryFolder { folder in
      let path = folder / "x.xml"
      var fuzzer = Fuzzer(
        seeds: [seed], header: 100,
        words: ["<page>", "</text>", "{{", "}}", "[[", "]]", "&lt;ref&gt;"])
      try fuzzer.run { bytes in
        try rewrite(path, with: bytes)
        guard var reader = try? MediaWikiDocuments(path) else { return false }
        do { while try reader.next() != nil {} } catch {
          return !oneLine(error).contains("line 1")
        }
        return true
      }
    }
  }
}
