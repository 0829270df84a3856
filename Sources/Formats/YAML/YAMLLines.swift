/// The line of a value and of each of its parts, in the shape of the value itself.
///
/// A path is followed through value and lines together; what an alias stands for has no lines of its own.
struct YAMLLines: Sendable {
  /// Counted from 1.
  let line: Int
  /// Of the elements, or of the members in their order.
  var parts: [YAMLLines] = []
}
