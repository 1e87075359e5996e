// SPDX-License-Identifier: Apache-2.0
#include "script/script_pool.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <future>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <utility>

namespace luthien::script {

using policy::ScriptOutline;

namespace {

constexpr const char* kProgramName = "luthien-script-host";

SteadyPoint steadyNow()
{
    return std::chrono::steady_clock::now();
}

/// Both say that they were rung until they are read.
void silence(int descriptor)
{
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t ignored = ::read(descriptor, &count, sizeof count);
}

} // namespace

ScriptPool::ScriptPool(std::filesystem::path program, Metrics& metrics, const Limits& limits)
    : m_program(std::move(program))
    , m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    , m_timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK))
    , m_schedule(limits, metrics)
    , m_thread([this] { loop(); })
{
}

ScriptPool::~ScriptPool()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isStopping = true;
    }
    wake();
    m_thread.join();
    ::close(m_timer);
    ::close(m_wake);
}

void ScriptPool::wake() const
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t ignored = ::write(m_wake, &one, sizeof one);
}

void ScriptPool::armTimer(SteadyPoint due)
{
    if (due == m_armedFor)
        return;
    m_armedFor = due;
    itimerspec time{};
    if (due != SteadyPoint::max()) {
        // Zero would switch it off.
        const auto sinceBoot = std::max(due.time_since_epoch(), SteadyPoint::duration(1));
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(sinceBoot);
        time.it_value = {.tv_sec = seconds.count(), .tv_nsec = (sinceBoot - seconds).count()};
    }
    ::timerfd_settime(m_timer, TFD_TIMER_ABSTIME, &time, nullptr);
}

Result<ScriptOutline> ScriptPool::check(const std::string& source)
{
    if (source.size() > policy::kMaxScriptBytes)
        return Error{ErrorCode::TooLarge, "This script is too long.", {}};
    std::promise<Result<ScriptOutline>> promise;
    std::future<Result<ScriptOutline>> outline = promise.get_future();
    {
        const std::lock_guard lock(m_mutex);
        m_schedule.check(
            source, [&promise](Result<ScriptOutline> result) { promise.set_value(std::move(result)); }, steadyNow());
    }
    wake();
    Result<ScriptOutline> result = outline.get();
    if (result && std::ranges::none_of(result->defines, [](bool defined) { return defined; }))
        return Error{
            ErrorCode::InvalidInput, "This script defines none of onRequest, onText, onToolCall and onEnd.", {}};
    return result;
}

void ScriptPool::run(policy::ScriptCall call, Done done)
{
    const std::lock_guard lock(m_mutex);
    if (!m_schedule.run(std::move(call), std::move(done), steadyNow()))
        wake();
    else if (const SteadyPoint due = m_schedule.due(); due < m_armedFor)
        armTimer(due);
}

std::vector<pid_t> ScriptPool::processes()
{
    const std::lock_guard lock(m_mutex);
    std::vector<pid_t> pids;
    for (const Schedule::Host& host : m_schedule.hosts())
        pids.push_back(host.process->pid());
    return pids;
}

void ScriptPool::startHosts(std::unique_lock<std::mutex>& lock)
{
    while (m_schedule.wantsHost(steadyNow())) {
        lock.unlock();
        Result<std::unique_ptr<HostProcess>> started = HostProcess::start(m_program);
        lock.lock();
        m_schedule.adopt(std::move(started), steadyNow());
        m_schedule.advance(steadyNow());
    }
}

void ScriptPool::tellFinished(std::unique_lock<std::mutex>& lock)
{
    const std::vector<std::function<void()>> finished = m_schedule.finished();
    if (finished.empty())
        return;
    lock.unlock();
    for (const auto& tell : finished)
        tell();
    lock.lock();
}

void ScriptPool::waitForHosts(std::unique_lock<std::mutex>& lock)
{
    armTimer(m_schedule.due());
    std::vector<pollfd> sockets{{.fd = m_wake, .events = POLLIN}, {.fd = m_timer, .events = POLLIN}};
    std::vector<Schedule::Host*> hosts;
    for (Schedule::Host& host : m_schedule.hosts()) {
        const int events = host.process->isSending() ? POLLIN | POLLOUT : POLLIN;
        sockets.push_back({.fd = host.process->socket(), .events = static_cast<short>(events)});
        hosts.push_back(&host);
    }
    lock.unlock();
    ::poll(sockets.data(), sockets.size(), -1);
    lock.lock();
    if (sockets[0].revents != 0)
        silence(m_wake);
    if (sockets[1].revents != 0) {
        silence(m_timer);
        m_armedFor = SteadyPoint::max();
    }
    for (std::size_t i = 0; i < hosts.size(); ++i) {
        const int events = sockets[i + 2].revents;
        if ((events & POLLOUT) != 0)
            hosts[i]->process->flush();
        if ((events & ~POLLOUT) != 0)
            m_schedule.receive(*hosts[i], steadyNow());
    }
}

void ScriptPool::loop()
{
    std::unique_lock lock(m_mutex);
    while (!m_isStopping) {
        m_schedule.advance(steadyNow());
        startHosts(lock);
        tellFinished(lock);
        waitForHosts(lock);
    }
    m_schedule.stop();
    tellFinished(lock);
}

std::filesystem::path scriptHostProgram()
{
    std::error_code error;
    const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    std::filesystem::path beside = folder / kProgramName;
    if (std::filesystem::exists(beside, error))
        return beside;
    return folder.parent_path() / "libexec/luthien" / kProgramName;
}

} // namespace luthien::script
