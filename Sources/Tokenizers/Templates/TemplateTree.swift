/// A template, read: what is printed and done, in order.
indirect enum TemplateNode: Sendable {
  case text(String)
  case output(TemplateExpression)
  case branch([(condition: TemplateExpression?, body: [TemplateNode])])
  case loop(
    names: [String], over: TemplateExpression, where: TemplateExpression?, body: [TemplateNode],
    otherwise: [TemplateNode], line: Int)
  case set(name: String, attribute: String?, TemplateExpression, line: Int)
  /// `{% set name %} … {% endset %}`
  case capture(name: String, body: [TemplateNode])
  /// `{% generation %}`, which only marks the assistant's part.
  case group([TemplateNode])
  case leave, next
}

/// An expression with the line it stands in.
struct TemplateExpression: Sendable {
  indirect enum Form: Sendable {
    case value(TemplateValue)
    case name(String)
    case list([TemplateExpression])
    case dictionary([(TemplateExpression, TemplateExpression)])
    case member(TemplateExpression, String)
    case element(TemplateExpression, TemplateExpression)
    case slice(TemplateExpression, TemplateExpression?, TemplateExpression?, TemplateExpression?)
    case call(TemplateExpression, [TemplateArgument])
    case filter(TemplateExpression, String, [TemplateArgument])
    case test(TemplateExpression, String, [TemplateArgument], isNegated: Bool)
    case not(TemplateExpression)
    case negative(TemplateExpression)
    case both(TemplateExpression, TemplateExpression)
    case either(TemplateExpression, TemplateExpression)
    case binary(String, TemplateExpression, TemplateExpression)
    case choice(TemplateExpression, if: TemplateExpression, otherwise: TemplateExpression?)
  }

  var form: Form
  var line: Int
}

/// An argument, perhaps named.
struct TemplateArgument: Sendable {
  var name: String?
  var value: TemplateExpression
}
