// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "script/frame.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace luthien::script {

/// One script host, seen from the program: a child process and the socket to it. Nothing waits, but for the end of a
/// process that is ending. Thread: one at a time; started on a thread that outlives it, for the host dies with that.
class HostProcess
{
public:
    /// Starts the program with its end of a socket as descriptor 0, no other, and no environment. Errors: Unavailable.
    [[nodiscard]] static Result<std::unique_ptr<HostProcess>> start(const std::filesystem::path& program);
    /// Kills it if it still runs, and waits for its end.
    ~HostProcess();
    HostProcess(const HostProcess&) = delete;
    HostProcess& operator=(const HostProcess&) = delete;

    [[nodiscard]] int socket() const noexcept { return m_socket; }
    [[nodiscard]] pid_t pid() const noexcept { return m_pid; }

    void send(FrameKind kind, std::uint64_t job, std::string_view body);
    /// True while some of what was sent waits for room: call flush() when the socket is writable.
    [[nodiscard]] bool isSending() const noexcept { return m_sent < m_unsent.size(); }
    void flush();

    /// What has come. Errors: InvalidInput or TooLarge (it does not keep to the protocol: kill it), Unavailable (it
    /// is gone, or going).
    [[nodiscard]] Result<std::vector<Frame>> receive();

    /// It will be gone soon: the socket then says so.
    void kill() noexcept;
    /// Waits for the end of a process that was killed or has closed the socket, and tells how it ended: "it was ended
    /// by signal 9 (Killed)".
    [[nodiscard]] std::string reap();

private:
    HostProcess(pid_t pid, int socket);

    pid_t m_pid;
    int m_socket;
    bool m_isReaped = false;
    FrameReader m_reader;
    std::string m_unsent;
    std::size_t m_sent = 0;
};

} // namespace luthien::script
