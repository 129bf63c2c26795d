import CPlatform
import NIOCore

/// The socket's own side: read when told, written at once.
extension MediaSocketHandler where Framing: ~Copyable {
    /// So many buffers of one socket are read before the others have their turn.
    private static var readsAtOnce: Int { 4 }

    var descriptor: CInt? { writer?.descriptor }

    func readWhenTold(_ isTold: Bool) {
        isReadWhenTold = isTold
        // The library still learns that the peer has gone. On a channel that is closed already there is nothing to set.
        try? context?.channel.syncOptions?.setOption(.autoRead, value: !isTold)
    }

    func readNow(_ buffer: UnsafeMutableRawBufferPointer) {
        for _ in 0..<Self.readsAtOnce {
            guard isReadWhenTold, let descriptor, let context, context.channel.isActive else { return }
            let count = Int(parley_socket_read(descriptor, buffer.baseAddress, Int64(buffer.count)))
            guard count != 0 else {
                finish(.connectionLost)
                return context.close(promise: nil)
            }
            guard count > 0 else { return }
            take(UnsafeRawBufferPointer(rebasing: buffer[..<count]), context)
            guard count == buffer.count else { return }
        }
    }

    func send(_ wire: ChannelHandlerContext) { writer?.write(&outgoing, wire) }
}
