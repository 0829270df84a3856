import Base
import TestSupport
import Testing

@Suite("JSON") struct JSONTests {
  @Test(
    "parses the values of RFC 8259",
    arguments: [
      ("null", .null), ("true", true), (" false\n", false), ("0", 0), ("-0", 0), ("12", 12),
      ("-9223372036854775808", .integer(.min)), ("9223372036854775807", .integer(.max)),
      ("9223372036854775808", 9223372036854775808.0), ("1.0", 1.0), ("-1.5e3", -1500.0),
      ("1E+2", 100.0), ("1e-2", 0.01), ("0.1", 0.1), ("123456789012345678", 123456789012345678),
      ("0.000000000000000000000000000001", 1e-30), ("1e-400", 0.0), ("\"\"", ""), ("[]", []),
      ("{}", [:]), ("[1,[2,[]],{}]", [1, [2, []], [:]]),
      ("\t{\r\n \"a\" : [ 1 , 2 ] , \"b\" : { \"a\" : null } }", ["a": [1, 2], "b": ["a": nil]]),
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u3042\u00e9\u0000""#, "あé\0"),
      (#""\ud83d\uDE00!""#, "😀!"), ("\"日本語と text\"", "日本語と text"),
    ] as [(String, JSON)])
  func values(_ text: String, _ value: JSON) throws {
    #expect(try JSON.parse(text) == value)
  }

  @Test("surrogates without a partner become U+FFFD")
  func surrogates() throws {
    #expect(try JSON.parse(#""\ud800""#).string == "\u{FFFD}")
    #expect(try JSON.parse(#""\udc00a""#).string == "\u{FFFD}a")
    #expect(try JSON.parse(#""\ud800\n""#).string == "\u{FFFD}\n")
    #expect(try JSON.parse(#""\ud800\ud83d\ude00""#).string == "\u{FFFD}😀")
  }

  @Test(
    "refuses what is no JSON, and says where",
    arguments: [
      ("", 0), (" ", 1), ("nul", 0), ("tru ", 0), ("True", 0), ("01", 1), ("-", 1), ("+1", 0),
      (".5", 0), ("1.", 2), ("1e", 2), ("1e+", 3), ("0x1", 1), ("NaN", 0), ("Infinity", 0),
      ("1e999", 0), ("[1,]", 3), ("[1 2]", 3), ("[", 1), ("[1", 2), ("{", 1), ("{\"a\"}", 4),
      ("{\"a\":}", 5), ("{\"a\":1,}", 7), ("{a:1}", 1), ("{1:1}", 1), ("\"a", 2), ("\"\\", 2),
      ("\"\\x\"", 3), ("\"\\u12\"", 5), ("\"a\nb\"", 2), ("\"a\u{0}\"", 2), ("[] []", 3),
      ("{\"a\":1,\"b\":2,\"a\":3}", 1), ("'a'", 0), ("[1]x", 3), ("\u{FEFF}1", 0),
    ])
  func refusals(_ text: String, _ offset: Int) {
    let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
    #expect(error?.offset == offset, "\(error?.reason ?? "")")
  }

  @Test("refuses invalid UTF-8 in strings and outside")
  func invalidUTF8() {
    for bytes: [UInt8] in [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xE3, 0x81, 0x22], [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0xFF], [0x00],
    ] {
      #expect(throws: JSONError.self) { try JSON.parse(bytes) }
    }
    let error = #expect(throws: JSONError.self) { try JSON.parse([0x22, 0x61, 0xFF, 0x22]) }
    #expect(error?.problem == "invalid JSON at byte 2: invalid UTF-8")
  }

  @Test("takes nesting up to the limit and refuses the next level")
  func depth() throws {
    func nest(_ levels: Int) -> String {
      String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }
    #expect(throws: Never.self) { try JSON.parse(nest(JSON.depthLimit + 1)) }
    #expect(throws: JSONError.self) { try JSON.parse(nest(JSON.depthLimit + 2)) }
    #expect(throws: JSONError.self) { try JSON.parse(String(repeating: "[", count: 1 << 20)) }
    #expect(throws: JSONError.self) {
      try JSON.parse(String(repeating: "{\"\":", count: 1 << 18))
    }
  }

  @Test("finds duplicate keys among few and many", arguments: [2, 16, 17, 1000])
  func duplicates(_ count: Int) throws {
    var keys = (0..<count).map { "\"key\($0)\":\($0)" }
    #expect(try JSON.parse("{" + keys.joined(separator: ",") + "}").object?.count == count)
    keys[count - 1] = "\"k\\u0065y\(count / 2 - 1)\":0"
    let error = #expect(throws: JSONError.self) {
      try JSON.parse("{" + keys.joined(separator: ",") + "}")
    }
    #expect(error?.reason.contains("twice") == true)
  }

  @Test("keys are told apart by their bytes")
  func composedKeys() throws {
    let value = try JSON.parse("{\"\u{304C}\": 1, \"\u{304B}\u{3099}\": 2}")
    #expect(value["\u{304C}"] == 1)
    #expect(value["\u{304B}\u{3099}"] == 2)
  }

  @Test("objects keep order, replace and remove", arguments: [3, 16, 17, 18, 300])
  func objects(_ count: Int) {
    var object = JSONObject()
    for index in 0..<count { object["k\(index * 7 % count)-\(index)"] = JSON(index) }
    #expect(object.count == count)
    #expect(object.keys == (0..<count).map { "k\($0 * 7 % count)-\($0)" })
    for index in 0..<count { object[object.keys[index]] = JSON(-index) }
    for (index, member) in object.enumerated() {
      #expect(member.value == JSON(-index))
      #expect(object[member.key] == JSON(-index))
    }
    for key in object.keys.dropFirst(2) {
      object[key] = nil
      #expect(object[key] == nil)
    }
    #expect(object.count == 2)
    #expect(object["nothing"] == nil)
  }

  @Test("an object equals the same members in another order")
  func unorderedEquality() {
    #expect(["a": 1, "b": 2] as JSON == ["b": 2, "a": 1])
    #expect(["a": 1, "b": 2] as JSON != ["a": 1, "b": 3])
    #expect(["a": 1] as JSON != ["a": 1, "b": 3])
  }

  @Test("reads values by type")
  func accessors() {
    let value: JSON = ["list": [1, 2.5, "x", true, nil], "name": "kaji"]
    #expect(value["list"]?[0]?.int == 1)
    #expect(value["list"]?[0]?.double == 1)
    #expect(value["list"]?[1]?.int == nil)
    #expect(JSON(3.0).int == 3)
    #expect(JSON(1e300).int == nil)
    #expect(value["list"]?[2]?.string == "x")
    #expect(value["list"]?[3]?.bool == true)
    #expect(value["list"]?[4]?.isNull == true)
    #expect(value["list"]?[5] == nil)
    #expect(value["list"]?[-1] == nil)
    #expect(value["nothing"] == nil)
    #expect(value[0] == nil)
  }

  @Test("writes on one line and indented")
  func writing() {
    let value: JSON = ["a": [1, -2.5, nil, true], "b": [:], "c": [], "d": ["e": "f\"\\\n\u{1B}"]]
    #expect(
      value.text()
        == #"{"a":[1,-2.5,null,true],"b":{},"c":[],"d":{"e":"f\"\\\n\u001b"}}"#)
    #expect(
      (["a": [1], "b": [:]] as JSON).text(pretty: true)
        == "{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}")
    #expect(JSON.numbers([.nan, .infinity, -.infinity, 0.1]).text() == "[null,null,null,0.1]")
  }

  @Test("every character comes back, and what could steer a terminal is escaped")
  func everyScalar() throws {
    var view = String.UnicodeScalarView()
    for value in UInt32(0)...0x10FFFF {
      if let scalar = Unicode.Scalar(value) { view.append(scalar) }
    }
    let all = String(view)
    let text = JSON.string(all).text()
    #expect(!text.unicodeScalars.contains { Sanitiser.isHidden($0) })
    let back = try #require(try JSON.parse(text).string)
    #expect(Array(back.utf8) == Array(all.utf8))
  }

  @Test("numbers come back to the bit")
  func numberRoundTrips() throws {
    var random = SeededGenerator(3)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      #expect(try JSON.parse(JSON.number(value).text()).double?.bitPattern == value.bitPattern)
    }
    // The quick way for short decimals against the standard library's.
    for _ in 0..<20_000 {
      let digits = Int(random.next() >> UInt64.random(in: 1...63, using: &random))
      let text = "\(digits)e\(Int.random(in: -40...40, using: &random))"
      #expect(try JSON.parse(text) == .number(try #require(Double(text))), "\(text)")
      let point = "\(digits % 1_000_000).\(digits / 1_000_000)"
      #expect(try JSON.parse(point) == .number(try #require(Double(point))), "\(point)")
    }
  }

  @Test("whatever parses is written and parsed again to the same")
  func fuzz() {
    var fuzzer = Fuzzer(
      seeds: [
        #"{"text": "日本語の文\u3042\ud83d\ude00", "meta": {"id": 12, "score": -0.25e-3}}"#,
        #"[[], [[1, 2], {"a": null, "b": [true, false]}], "long text without any escape at all"]"#,
        #"{"vocab": {"<unk>": 0, "a": 1, "か": 2, "\t": 3}, "merges": [["a", "b"]], "x": 1e5}"#,
      ].map { Array($0.utf8) },
      header: 1, words: ["\\u", "\\ud800", "\"", "{\"a\":", "[[[", "1e308", "-", "null", "\u{0}"])
    fuzzer.run { bytes in
      do throws(JSONError) {
        let value = try JSON.parse(bytes)
        for pretty in [false, true] {
          let again = try JSON.parse(value.bytes(pretty: pretty))
          #expect(again == value, "\(hexadecimal(bytes))")
        }
        return true
      } catch {
        #expect((0...bytes.count).contains(error.offset))
        return error.offset > 1
      }
    }
  }
}
