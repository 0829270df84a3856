/// How often each n-gram occurs, for all lengths up to an order.
///
/// An n-gram is a path from the root of a trie, one token a step; a node holds the count of the path
/// that leads to it. A sequence stands for a document: n-grams do not reach across.
public struct NGramCounts: Sendable {
  /// The length of the longest n-grams counted.
  public let order: Int
  /// Tokens are 0 ..< this.
  public let vocabularySize: Int

  /// A node's parent, last token, count and length.
  struct Node: Sendable {
    var parent: Int32
    var token: Int32
    var length: Int32
    var count: Int
  }

  private(set) var nodes = [Node(parent: -1, token: -1, length: 0, count: 0)]
  private var children: [UInt64: Int32] = [:]
  /// Sequences counted.
  public private(set) var sequences = 0

  /// Empty counts.
  ///
  /// - Parameters:
  ///   - order: at least 1.
  ///   - vocabularySize: at least 1.
  public init(order: Int, vocabularySize: Int) {
    precondition(order >= 1 && vocabularySize >= 1, "order \(order), vocabulary \(vocabularySize)")
    self.order = order
    self.vocabularySize = vocabularySize
  }

  /// Counts the n-grams of one sequence, which includes its begin and end tokens.
  ///
  /// - Complexity: O(length × order).
  public mutating func add(_ sequence: some Sequence<Int32>) {
    let tokens = Array(sequence)
    sequences += 1
    nodes[0].count += tokens.count
    for start in tokens.indices {
      var node: Int32 = 0
      for token in tokens[start..<min(start + order, tokens.count)] {
        precondition(
          token >= 0 && Int(token) < vocabularySize, "token \(token) of \(vocabularySize)")
        node = child(of: node, token) ?? insert(token, under: node)
        nodes[Int(node)].count += 1
      }
    }
  }

  /// How often `ngram` occurs; the number of tokens for the empty one.
  ///
  /// - Parameter ngram: at most ``order`` tokens.
  public func count(_ ngram: some Sequence<Int32>) -> Int {
    node(ngram).map { nodes[Int($0)].count } ?? 0
  }

  /// The node that an n-gram leads to.
  func node(_ ngram: some Sequence<Int32>) -> Int32? {
    var node: Int32 = 0
    for token in ngram {
      guard let next = child(of: node, token) else { return nil }
      node = next
    }
    return node
  }

  /// The node one token further.
  func child(of node: Int32, _ token: Int32) -> Int32? { children[Self.key(node, token)] }

  private mutating func insert(_ token: Int32, under parent: Int32) -> Int32 {
    let node = Int32(nodes.count)
    nodes.append(
      Node(parent: parent, token: token, length: nodes[Int(parent)].length + 1, count: 0))
    children[Self.key(parent, token)] = node
    return node
  }

  private static func key(_ node: Int32, _ token: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: node)) << 32 | UInt64(UInt32(bitPattern: token))
  }
}
