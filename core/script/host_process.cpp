// SPDX-License-Identifier: Apache-2.0
#include "script/host_process.h"

#include "policy/script_runner.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace luthien::script {

namespace {

constexpr std::size_t kReadBytes = 16UL * 1024;

Error cannotStart(int error)
{
    return {ErrorCode::Unavailable, std::string("A script host cannot be started: ") + std::strerror(error) + ".", {}};
}

/// What the program has to say about the child before it is another program: each of these calls only notes it.
class SpawnPlan
{
public:
    explicit SpawnPlan(int socket)
    {
        posix_spawn_file_actions_init(&m_actions);
        posix_spawn_file_actions_adddup2(&m_actions, socket, 0);
        posix_spawn_file_actions_addclosefrom_np(&m_actions, 1);
        posix_spawnattr_init(&m_attributes);
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&m_attributes, &none);
        posix_spawnattr_setsigdefault(&m_attributes, &all);
        // A session of its own: no terminal, and none of its Ctrl+C.
        posix_spawnattr_setflags(&m_attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    }
    ~SpawnPlan()
    {
        posix_spawn_file_actions_destroy(&m_actions);
        posix_spawnattr_destroy(&m_attributes);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    int start(pid_t& pid, const std::string& program) const
    {
        std::string name = program;
        const std::array<char*, 2> arguments{name.data(), nullptr};
        const std::array<char*, 1> environment{nullptr};
        return posix_spawn(&pid, program.c_str(), &m_actions, &m_attributes, arguments.data(), environment.data());
    }

private:
    posix_spawn_file_actions_t m_actions{};
    posix_spawnattr_t m_attributes{};
};

} // namespace

Result<std::unique_ptr<HostProcess>> HostProcess::start(const std::filesystem::path& program)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0)
        return cannotStart(errno);
    // The host's end waits: it has nothing else to do.
    int error = ::fcntl(ends[1], F_SETFL, 0) == 0 ? 0 : errno;
    pid_t pid = -1;
    if (error == 0)
        error = SpawnPlan(ends[1]).start(pid, program.string());
    ::close(ends[1]);
    if (error == 0)
        return std::unique_ptr<HostProcess>(new HostProcess(pid, ends[0]));
    ::close(ends[0]);
    return cannotStart(error);
}

HostProcess::HostProcess(pid_t pid, int socket)
    : m_pid(pid)
    , m_socket(socket)
    , m_reader(policy::kMaxScriptResultBytes)
{
}

HostProcess::~HostProcess()
{
    if (!m_isReaped) {
        kill();
        (void)reap();
    }
    ::close(m_socket);
}

void HostProcess::send(FrameKind kind, std::uint64_t job, std::string_view body)
{
    appendFrame(m_unsent, kind, job, body);
    flush();
}

void HostProcess::flush()
{
    while (isSending()) {
        const ssize_t count = ::send(m_socket, m_unsent.data() + m_sent, m_unsent.size() - m_sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        // Another error means that it is gone: receive() finds out.
        if (count < 0)
            return;
        m_sent += static_cast<std::size_t>(count);
    }
    m_unsent.clear();
    m_sent = 0;
}

Result<std::vector<Frame>> HostProcess::receive()
{
    std::vector<Frame> frames;
    std::array<char, kReadBytes> buffer{};
    const ssize_t count = ::recv(m_socket, buffer.data(), buffer.size(), 0);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR))
        return Error{ErrorCode::Unavailable, "The script's process ended.", {}};
    if (count > 0)
        m_reader.add({buffer.data(), static_cast<std::size_t>(count)});
    while (true) {
        Result<std::optional<Frame>> frame = m_reader.next();
        if (!frame)
            return frame.error();
        if (!*frame)
            return frames;
        frames.push_back(**std::move(frame));
    }
}

void HostProcess::kill() noexcept
{
    // Not yet waited for, so the number is nobody else's.
    if (!m_isReaped)
        ::kill(m_pid, SIGKILL);
}

std::string HostProcess::reap()
{
    kill();
    int status = 0;
    pid_t ended = -1;
    do
        ended = ::waitpid(m_pid, &status, 0);
    while (ended < 0 && errno == EINTR);
    m_isReaped = true;
    if (ended == m_pid && WIFSIGNALED(status))
        return "it was ended by signal " + std::to_string(WTERMSIG(status)) + " (" + ::sigdescr_np(WTERMSIG(status)) +
               ")";
    if (ended == m_pid && WIFEXITED(status) && WEXITSTATUS(status) == kOutOfMemory)
        return "it ran out of memory";
    return "it ended with status " + std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

} // namespace luthien::script
