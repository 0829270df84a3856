import Base
import Glibc
import Synchronization
import Testing

@testable import Tensors

@Suite("Ranks") struct CommunicatorTests {
  /// Ranks that are threads of this process.
  final class Neighbours: Communicator {
    /// What all ranks share.
    final class Room: Sendable {
      let ranks: Int
      /// Behind a lock, for the ranks write parts of one array.
      let boards: Mutex<[[Float]]>
      private let arrived = Atomic(0)

      init(ranks: Int) {
        self.ranks = ranks
        boards = Mutex([[Float]](repeating: [], count: ranks))
      }

      /// Returns when all ranks have come.
      func meet() {
        let turn = arrived.add(1, ordering: .acquiringAndReleasing).oldValue / ranks
        while arrived.load(ordering: .acquiring) < (turn + 1) * ranks { sched_yield() }
      }
    }

    let rank: Int
    let ranks: Int
    let device: any Device
    private let room: Room

    init(_ room: Room, rank: Int, device: any Device) {
      self.room = room
      self.rank = rank
      self.device = device
      ranks = room.ranks
    }

    /// Shows all ranks' numbers to `use`.
    private func share(_ numbers: [Float], _ use: ([[Float]]) -> Void) {
      room.boards.withLock { $0[rank] = numbers }
      room.meet()
      use(room.boards.withLock { $0 })
      room.meet()
    }

    private func numbers(_ view: View) -> [Float] {
      var numbers = [Float](repeating: 0, count: view.count)
      var span = numbers.mutableSpan
      device.download(view, into: &span)
      return numbers
    }

    private func total(_ boards: [[Float]], _ range: Range<Int>) -> [Float] {
      range.map { index in boards.reduce(0) { $0 + $1[index] } }
    }

    func reduce(_ gradient: View, slice: Range<Int>) {
      share(numbers(gradient)) { boards in
        let sums = total(boards, slice)
        device.upload(sums.span, to: gradient.slice(slice))
      }
    }

    func sum(_ numbers: View) {
      share(self.numbers(numbers)) { boards in
        let sums = total(boards, 0..<numbers.count)
        device.upload(sums.span, to: numbers)
      }
    }

    func gather(_ weights: Weights, slice: Range<Int>) {
      var own = [Float](repeating: 0, count: slice.count)
      var span = own.mutableSpan
      device.download(weights.slice(slice), into: &span)
      share(own) { boards in
        for (rank, board) in boards.enumerated() {
          device.upload(
            board.span, to: weights.slice(rank * slice.count..<(rank + 1) * slice.count))
        }
      }
    }
  }

  /// Weights after steps in which each rank brings a share of the gradient.
  static func weights(
    _ communicator: (any Device) -> any Communicator, shares: Int, of all: Int,
    precision: Precision
  ) throws -> [Float] {
    let device = try CPUDevice(pool: ThreadPool(threads: 1), precision: precision)
    let communicator = communicator(device)
    let store = try ParameterStore(
      [
        ParameterSpec("a", [300, 301], decays: true), ParameterSpec("b", [13], decays: false),
        ParameterSpec("c", [70, 600], decays: true),
      ], on: device, ranks: communicator.ranks)
    let random = CounterRandom(seed: 2, purpose: 0)
    for parameter in store.parameters {
      try store.write(
        parameter.range.map { Float(random.normal(UInt64($0))) * 0.1 }, to: parameter)
    }
    let loss = View(try device.allocate(.real, count: 1))
    let optimizer = try Optimizer(.adamw, store, loss: loss, communicator: communicator)
    for step in 1...4 {
      // Shares whose sum is the same however they are put together: quarters of powers of two.
      let noise = CounterRandom(seed: 2, purpose: 1, step: UInt64(step))
      let gradient = (0..<store.count).map {
        Float(noise.below(64, UInt64($0)) - 31) / 1024 * Float(shares) / Float(all)
      }
      device.upload(gradient.span, to: store.gradient)
      device.upload([Float(step * shares) / Float(all)].span, to: loss)
      var control = StepControl(learningRate: 0.01)
      control.lossLimit = step == 3 ? 1 : .infinity
      let outcome = try optimizer.update(control)
      #expect(outcome.loss == Double(step) && outcome.skipped == (step == 3))
      #expect(store.parameters.allSatisfy { store.readGradient($0).allSatisfy { $0 == 0 } })
    }
    return store.parameters.flatMap { store.read($0) }
  }

  @Test("several ranks train as one, bit for bit", arguments: [2, 4], Precision.allCases)
  func ranks(_ count: Int, _ precision: Precision) throws {
    let alone = try Self.weights(
      { _ in SingleProcess() }, shares: 4, of: 4, precision: precision)
    let room = Neighbours.Room(ranks: count)
    let results = Mutex([Int: [Float]]())
    ThreadPool(threads: count).run(count) { rank in
      let share = 4 / count
      let weights = try? Self.weights(
        { Neighbours(room, rank: rank, device: $0) }, shares: share, of: 4, precision: precision)
      results.withLock { $0[rank] = weights }
    }
    for rank in 0..<count { #expect(results.withLock { $0[rank] } == alone) }
  }
}
