import CSodium
import Synchronization

/// Guarded memory for keys that live within one call, cut into slots: guard pages around it, locked where the system
/// allows it, left out of core dumps. A slot is zeroed when its key goes.
///
/// A key in pages of its own costs half a dozen system calls, and taking the masks off a large cohort derives a hundred
/// thousand. Unlike those pages a slot can be written while its key lives, which is why long-lived keys are not kept here.
final class SecretArena: Sendable {
    /// Largest key that a slot holds.
    static let slotByteCount = 64
    private static let slotCount = 1024
    static let shared = SecretArena()

    private struct State: ~Copyable {
        // Made once and never given back: the process ends with it.
        let memory: UnsafeMutableRawPointer
        var free: [Int]
    }

    private let state: Mutex<State>

    private init() {
        Sodium.require()
        guard let memory = sodium_malloc(Self.slotByteCount * Self.slotCount) else {
            preconditionFailure("out of guarded memory")
        }
        state = Mutex(State(memory: memory, free: Array((0..<Self.slotCount).reversed())))
    }

    /// A slot for a key; nil when all are in use.
    func take() -> UnsafeMutableRawPointer? {
        state.withLock { state -> Loan? in
            guard let slot = state.free.popLast() else { return nil }
            return Loan(pointer: state.memory + slot * Self.slotByteCount)
        }?.pointer
    }

    /// Zeroes a slot and makes it free again.
    func giveBack(_ slot: UnsafeMutableRawPointer) {
        sodium_memzero(slot, Self.slotByteCount)
        let loan = Loan(pointer: slot)
        state.withLock { state in
            state.free.append((loan.pointer - state.memory) / Self.slotByteCount)
        }
    }

    /// A slot on its way to or from its one owner.
    private struct Loan: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
    }
}
