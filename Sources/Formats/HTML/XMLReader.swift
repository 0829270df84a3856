import Base
import CXml2

/// Walks over the nodes of a document that libxml2 parsed or parses, in the order of their starts.
///
/// Ends are not told: a node at some depth ends all that were at that depth or deeper.
@safe final class XMLReader {
  enum Node: Equatable {
    /// An element's start, with its local name.
    case element(String)
    case text(String)
    /// Comments, instructions, ends and what else says nothing.
    case other
  }

  private let reader: OpaquePointer
  private let document: OpaquePointer?
  private let source: Source?

  /// Where a streamed document's bytes come from, and why they stopped.
  private final class Source {
    let content: ContentReader
    private var pending: [UInt8] = []
    /// What was taken of `pending`.
    private var taken = 0
    var failure: Failure?

    init(_ content: ContentReader) { self.content = content }

    /// Copies the next bytes; −1 if they cannot be read.
    func read(_ target: UnsafeMutableRawBufferPointer) -> CInt {
      do throws(Failure) {
        if taken == pending.count {
          pending.removeAll(keepingCapacity: true)
          taken = 0
          _ = try content.read(into: &pending)
        }
      } catch {
        failure = error
        return -1
      }
      let count = min(target.count, pending.count - taken)
      let piece = pending[taken..<taken + count]
      unsafe piece.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
      taken += count
      return CInt(count)
    }
  }

  // The options of the two parsers (HTMLparser.h, xmlreader.h): errors are not printed, no address is opened.
  private static let htmlOptions: CInt = 1 << 0 | 1 << 5 | 1 << 6 | 1 << 11 | 1 << 16
  private static let xmlOptions: CInt = 1 << 5 | 1 << 6 | 1 << 11 | 1 << 16

  /// Parses HTML as browsers do, mending what is wrong with it.
  ///
  /// - Parameter encoding: its name; nil: as the page says.
  init?(html bytes: [UInt8], encoding: String?) {
    kaji_xml_be_quiet()
    let document = unsafe bytes.withUnsafeBytes { buffer in
      unsafe htmlReadMemory(
        buffer.baseAddress?.assumingMemoryBound(to: CChar.self), CInt(clamping: buffer.count), nil,
        encoding, Self.htmlOptions)
    }
    guard let document = unsafe document else { return nil }
    guard let reader = unsafe xmlReaderWalker(document) else {
      unsafe xmlFreeDoc(document)
      return nil
    }
    unsafe self.document = document
    unsafe self.reader = reader
    source = nil
  }

  /// Parses XML while it is read; only what is being read is in memory.
  ///
  /// - Throws: ``Failure`` if there is no memory.
  init(xml content: ContentReader) throws(Failure) {
    kaji_xml_be_quiet()
    let source = Source(content)
    // The source outlives the reader: this object holds both, and frees the reader first.
    let context = unsafe Unmanaged.passUnretained(source).toOpaque()
    let reader = unsafe xmlReaderForIO(
      { context, bytes, count in
        guard let context = unsafe context, let bytes = unsafe bytes, count >= 0 else { return -1 }
        let source = unsafe Unmanaged<Source>.fromOpaque(context).takeUnretainedValue()
        return unsafe source.read(UnsafeMutableRawBufferPointer(start: bytes, count: Int(count)))
      }, nil, context, nil, nil, Self.xmlOptions)
    guard let reader = unsafe reader else {
      throw Failure("no memory to parse XML", remedy: "Close other programs.")
    }
    self.source = source
    unsafe self.reader = reader
    unsafe document = nil
  }

  deinit {
    unsafe xmlFreeTextReader(reader)
    if let document = unsafe document { unsafe xmlFreeDoc(document) }
  }

  /// The next node; nil after the last.
  ///
  /// - Throws: ``Failure`` naming the line, if it is no well-formed XML; what reading the file threw.
  func next() throws(Failure) -> Node? {
    switch unsafe xmlTextReaderRead(reader) {
    case 0: return nil
    case 1: break
    default:
      if let failure = source?.failure { throw failure }
      throw Failure(
        "invalid XML near line \(line)", remedy: "Copy the file again, or cut it before that line.")
    }
    switch unsafe xmlTextReaderNodeType(reader) {
    case 1: return .element(unsafe Self.text(xmlTextReaderConstLocalName(reader)))
    case 3, 4, 13, 14: return .text(unsafe Self.text(xmlTextReaderConstValue(reader)))
    default: return .other
    }
  }

  /// How deep the node read last lies.
  var depth: Int { unsafe Int(xmlTextReaderDepth(reader)) }

  /// The line of a streamed document at which the parser stands.
  var line: Int { unsafe Int(xmlTextReaderGetParserLineNumber(reader)) }

  /// An attribute of the element read last.
  func attribute(_ name: String) -> String? {
    let name = Array(name.utf8) + [0]
    guard
      unsafe name.withUnsafeBufferPointer({
        unsafe xmlTextReaderMoveToAttribute(reader, $0.baseAddress)
      }) == 1
    else { return nil }
    defer { _ = unsafe xmlTextReaderMoveToElement(reader) }
    return unsafe Self.text(xmlTextReaderConstValue(reader))
  }

  private static func text(_ pointer: UnsafePointer<UInt8>?) -> String {
    guard let pointer = unsafe pointer else { return "" }
    return unsafe String(cString: pointer)
  }
}
