import Base
import Testing

@Suite("Fields") struct FieldsTests {
  static let json: JSON = [
    "name": "a", "count": 3, "rate": -0.5, "level": "L2", "flag": true, "one": "x",
    "many": ["x", "y"], "none": nil, "inner": ["count": 1],
    "list": [["file": "a/b"], ["file": "c"]],
  ]

  @Test func `each type is read`() throws {
    var fields = try Fields(Self.json, file: "f")
    #expect(try fields.string("name") == "a" && fields.nonEmptyString("name") == "a")
    #expect(try fields.int("count", in: 1...3) == 3 && fields.int("absent", default: 7) == 7)
    #expect(try fields.double("rate", in: -1...1) == -0.5)
    #expect(try fields.choice("level") == ReleaseLevel.L2)
    #expect(try fields.bool("flag"))
    #expect(try fields.strings("one") == ["x"] && fields.strings("many") == ["x", "y"])
    #expect(try fields.optionalInt("none") == nil && fields.optionalString("absent") == nil)
    #expect(try fields.optionalDouble("count") == 3)
    #expect(try fields.optionalChoice("level") == ReleaseLevel.L2)
    #expect(try fields.optionalStrings("none") == nil)
    var inner = try fields.fields("inner")
    #expect(try inner.int("count") == 1)
    try inner.finish()
    let files = try fields.each("list") { element throws(Failure) in try element.fileName("file") }
    #expect(files == ["a/b", "c"])
    try fields.finish()
  }

  /// What is read, and the start of the error.
  static let wrong: [(read: @Sendable (inout Fields) throws -> Void, text: String)] = [
    ({ _ = try $0.int("name") }, "f:4: name is \"a\". Give a whole number of at least 0."),
    ({ _ = try $0.int("count", in: 4...9) }, "f:5: count is 3. Give a whole number from 4 to 9."),
    ({ _ = try $0.double("rate") }, "f:4: rate is -0.5. Give a number >= 0.0."),
    ({ _ = try $0.choice("name") as ReleaseLevel }, "f:4: name is \"a\". Give one of L1, L2, L3"),
    ({ _ = try $0.strings("count") }, "f:5: count is 3. Give a list of texts."),
    ({ _ = try $0.fields("count") }, "f: count is no table of keys"),
    ({ _ = try $0.int("coun") }, "f: coun is missing. Did you mean it by 'count'?"),
    ({ _ = try $0.int("zzzzzzzz") }, "f: zzzzzzzz is missing. Add it: a whole number"),
    (
      { _ = try $0.each("list") { element throws(Failure) in try element.int("file") } },
      "f:12: list[0].file is \"a/b\""
    ),
    ({ _ = try $0.fileName("up") }, "f:2: up is \"../x\". Give the name of a file"),
    ({ try $0.finish() }, "f:4: unknown key 'name'"),
  ]

  @Test(arguments: wrong.indices) func `errors name file, line and field`(_ index: Int) throws {
    var object = Self.json.object!
    object["up"] = "../x"
    // The line is the length of the key, so that each has its own.
    var fields = try Fields(.object(object), file: "f") { $0.isEmpty ? nil : $0.utf8.count }
    let error = #expect(throws: Failure.self) { try Self.wrong[index].read(&fields) }
    #expect("\(try #require(error))".hasPrefix(Self.wrong[index].text), "\(error!)")
  }

  @Test func `errors name the place of a value, wherever it came from`() throws {
    let json: JSON = ["a": ["b": "x"], "c": 1]
    var fields = try Fields(json, file: "f") { key in
      ["a.b": "--set a.b=x", "c": "f:7"][key]
    }
    var inner = try fields.fields("a")
    let laid = #expect(throws: Failure.self) { try inner.int("b") }
    #expect(laid?.problem.hasPrefix("--set a.b=x: a.b is") == true)
    let unknown = #expect(throws: Failure.self) { try fields.finish() }
    #expect(unknown?.problem.hasPrefix("f:7: unknown key 'c'") == true)
  }
}
