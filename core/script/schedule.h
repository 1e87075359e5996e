// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "policy/script_runner.h"
#include "script/host_process.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::script {

struct Limits
{
    std::size_t hosts = 12; ///< in all; each holds itself to host::Limits
    std::size_t hostsOfScript = 4;
    std::size_t queued = 1000;                    ///< calls of one script that wait for a host
    std::size_t queuedBytes = 64UL * 1024 * 1024; ///< of their arguments
    std::chrono::milliseconds start{10'000};
    std::chrono::milliseconds load{1'000};   ///< for a script's top level
    std::chrono::milliseconds queue{2'000};  ///< for a host to be free
    std::chrono::milliseconds idle{600'000}; ///< after it a host without calls is ended
    std::chrono::milliseconds busy{300'000}; ///< in all; after it a host is replaced
    unsigned losses = 3;                     ///< hosts a script may lose in a row; then it rests, ever longer
    std::chrono::milliseconds firstRest{250};
    std::chrono::milliseconds longestRest{30'000};
};

using CheckDone = std::function<void(Result<policy::ScriptOutline>)>;

/// Which host runs what: each host belongs to one script, and runs one call at a time. Knows no threads, and of time
/// only what it is told: whoever owns it waits for its sockets and for due(), and calls what finished() gives.
class Schedule
{
public:
    enum class State : std::uint8_t {
        Starting,
        Spare, ///< ready, for whichever script wants one next
        Loading,
        Idle,
        Busy,
        Ending, ///< killed; gone when its socket is
    };
    struct Script;
    struct Task
    {
        policy::ScriptCall call;
        policy::ScriptRunner::Done done;
        SteadyPoint giveUpAt;
    };
    struct Host
    {
        std::unique_ptr<HostProcess> process;
        State state = State::Starting;
        Script* script = nullptr;
        Task task;             ///< while Busy
        std::uint64_t job = 0; ///< number of that task
        SteadyPoint since;     ///< when it came into its state
        SteadyPoint due = SteadyPoint::max();
        SteadyPoint::duration busy{};
    };

    Schedule(const Limits& limits, Metrics& metrics);
    ~Schedule();
    Schedule(const Schedule&) = delete;
    Schedule& operator=(const Schedule&) = delete;

    /// True if a host has it already; else it is for advance(), or finished.
    [[nodiscard]] bool run(policy::ScriptCall call, policy::ScriptRunner::Done done, SteadyPoint now);
    void check(const std::string& source, CheckDone done, SteadyPoint now);
    /// Does what time has made due and gives free hosts to those who wait.
    void advance(SteadyPoint now);
    /// True if a host is to be started and handed to adopt().
    [[nodiscard]] bool wantsHost(SteadyPoint now);
    void adopt(Result<std::unique_ptr<HostProcess>> started, SteadyPoint now);
    /// The socket of a host is readable, or closed.
    void receive(Host& host, SteadyPoint now);
    /// Everything still asked fails, every host is ended.
    void stop();

    [[nodiscard]] SteadyPoint due() const;
    [[nodiscard]] std::list<Host>& hosts() noexcept { return m_hosts; }
    /// Calls that are over, to be told so: without a lock, for they may ask for more.
    [[nodiscard]] std::vector<std::function<void()>> finished();

private:
    [[nodiscard]] Script& scriptFor(const std::string& source);
    void enter(Host& host, State state, SteadyPoint now, SteadyPoint::duration most);
    void give(Host& host, SteadyPoint now);
    void free(Host& host, SteadyPoint now);
    void load(Host& host, Script& script, SteadyPoint now);
    void end(Host& host);
    void lose(Host& host, Error error, SteadyPoint now);
    void overdue(Host& host, SteadyPoint now);
    [[nodiscard]] bool take(Host& host, Frame frame, SteadyPoint now);
    [[nodiscard]] bool takeLoaded(Host& host, const Frame& frame, SteadyPoint now);
    [[nodiscard]] bool takeFailed(Host& host, const Frame& frame, SteadyPoint now);
    void cannotStart(Error error, SteadyPoint now);
    void expire(Script& script, SteadyPoint now);
    void serve(Script& script, SteadyPoint now);
    void failAll(Script& script, const Error& error);
    void answer(policy::ScriptRunner::Done done, Result<std::string> result);
    void answer(Script& script, const Result<policy::ScriptOutline>& outline);
    void forgetScripts(SteadyPoint now);
    [[nodiscard]] Host* hostOf(const Script* script, State state);
    [[nodiscard]] std::size_t countOf(const Script& script) const;
    [[nodiscard]] bool needsHost(const Script& script);

    const Limits m_limits;
    Metrics& m_metrics;
    std::map<std::string, Script, std::less<>> m_scripts; ///< by their text
    std::list<Host> m_hosts;
    std::uint64_t m_lastJob = 0;
    SteadyPoint m_startAgainAt = SteadyPoint::min(); ///< after a host could not be started
    int m_startFailures = 0;                         ///< since a host was ready
    std::optional<Error> m_startTrouble;
    std::vector<std::function<void()>> m_finished;
};

struct Schedule::Script
{
    struct Check
    {
        CheckDone done;
        SteadyPoint giveUpAt;
    };
    std::optional<policy::ScriptOutline> outline; ///< known once it was loaded
    std::deque<Task> queue;
    std::vector<Check> checks;
    unsigned losses = 0; ///< hosts lost since a call was answered
    SteadyPoint lostAt = SteadyPoint::min();
    SteadyPoint restsUntil = SteadyPoint::min();
};

} // namespace luthien::script
