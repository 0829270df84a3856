/// placeholder
public struct ChatTemplate: Sendable {}
