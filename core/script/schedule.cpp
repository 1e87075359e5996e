// SPDX-License-Identifier: Apache-2.0
#include "script/schedule.h"

#include "base/logging.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

namespace luthien::script {

using policy::ScriptOutline;
using policy::ScriptRunner;
using namespace std::chrono_literals;

namespace {

/// In a row; then there is a pause.
constexpr int kStartFailures = 3;
constexpr std::chrono::seconds kStartAgainAfter{1};

Error unavailable(std::string message)
{
    return {ErrorCode::Unavailable, std::move(message), {}};
}

std::string inMilliseconds(std::chrono::milliseconds time)
{
    return std::to_string(time.count()) + " ms";
}

std::size_t queuedBytes(const std::deque<Schedule::Task>& queue)
{
    return std::transform_reduce(queue.begin(), queue.end(), std::size_t{0}, std::plus(),
                                 [](const Schedule::Task& task) { return task.call.argument.size(); });
}

/// The body of a Failed frame.
Error thrownIn(std::string_view body)
{
    const std::size_t lineEnd = std::min(body.find('\n'), body.size());
    int line = 0;
    (void)std::from_chars(body.data(), body.data() + lineEnd, line);
    Error error{ErrorCode::InvalidInput, std::string(body.substr(std::min(lineEnd + 1, body.size()))), {}};
    if (line > 0)
        error.context = "line " + std::to_string(line);
    return error;
}

} // namespace

Schedule::Schedule(const Limits& limits, Metrics& metrics)
    : m_limits(limits)
    , m_metrics(metrics)
{
}

Schedule::~Schedule() = default;

Schedule::Script& Schedule::scriptFor(const std::string& source)
{
    return m_scripts.try_emplace(source).first->second;
}

void Schedule::answer(ScriptRunner::Done done, Result<std::string> result)
{
    m_finished.emplace_back([done = std::move(done), result = std::move(result)] { done(result); });
}

void Schedule::answer(Script& script, const Result<ScriptOutline>& outline)
{
    for (Script::Check& check : std::exchange(script.checks, {}))
        m_finished.emplace_back([done = std::move(check.done), outline] { done(outline); });
}

bool Schedule::run(policy::ScriptCall call, ScriptRunner::Done done, SteadyPoint now)
{
    Script& script = scriptFor(*call.source);
    std::optional<Error> refusal;
    if (call.argument.size() > policy::kMaxScriptArgumentBytes)
        refusal = Error{ErrorCode::TooLarge, "This is too large for a script.", {}};
    else if (now < script.restsUntil)
        refusal =
            unavailable("The script lost its process " + std::to_string(script.losses) + " times in a row and rests.");
    else if (script.queue.size() >= m_limits.queued ||
             queuedBytes(script.queue) + call.argument.size() > m_limits.queuedBytes)
        refusal = unavailable("Too much waits for the script.");
    if (refusal) {
        m_metrics.add(Metric::ScriptCallsRefused);
        answer(std::move(done), *std::move(refusal));
        return false;
    }
    script.queue.push_back({std::move(call), std::move(done), now + m_limits.queue});
    Host* host = hostOf(&script, State::Idle);
    if (!host)
        return false;
    give(*host, now);
    return !host->process->isSending();
}

void Schedule::check(const std::string& source, CheckDone done, SteadyPoint now)
{
    Script& script = scriptFor(source);
    script.checks.push_back({std::move(done), now + m_limits.start + m_limits.load});
    if (script.outline)
        answer(script, *script.outline);
}

void Schedule::enter(Host& host, State state, SteadyPoint now, SteadyPoint::duration most)
{
    host.state = state;
    host.since = now;
    host.due = most == SteadyPoint::duration::max() ? SteadyPoint::max() : now + most;
}

void Schedule::give(Host& host, SteadyPoint now)
{
    host.task = std::move(host.script->queue.front());
    host.script->queue.pop_front();
    host.job = ++m_lastJob;
    enter(host, State::Busy, now, host.task.call.timeout);
    std::string body(1, static_cast<char>('0' + static_cast<int>(host.task.call.function)));
    body += std::exchange(host.task.call.argument, {});
    host.process->send(FrameKind::Run, host.job, body);
}

void Schedule::free(Host& host, SteadyPoint now)
{
    host.busy += now - host.since;
    host.script->losses = 0;
    enter(host, State::Idle, now, m_limits.idle);
    if (host.busy > m_limits.busy)
        end(host);
    else if (!host.script->queue.empty())
        give(host, now);
}

void Schedule::load(Host& host, Script& script, SteadyPoint now)
{
    host.script = &script;
    const auto source = std::ranges::find_if(m_scripts, [&](const auto& known) { return &known.second == &script; });
    enter(host, State::Loading, now, m_limits.load);
    host.process->send(FrameKind::Load, 0, source->first);
}

void Schedule::end(Host& host)
{
    host.process->kill();
    host.script = nullptr;
    host.task = {};
    host.state = State::Ending;
    host.due = SteadyPoint::max();
}

void Schedule::lose(Host& host, Error error, SteadyPoint now)
{
    m_metrics.add(Metric::ScriptHostsLost);
    if (!host.script) {
        if (host.state == State::Starting)
            cannotStart(std::move(error), now);
        return end(host);
    }
    Script& script = *host.script;
    qCWarning(lcScript, "policy %s: its script lost a process: %s",
              host.state == State::Busy ? host.task.call.policyId.c_str() : "(any)", error.message.c_str());
    script.lostAt = now;
    if (++script.losses >= m_limits.losses) {
        const unsigned doublings = std::min(script.losses - m_limits.losses, 16U);
        script.restsUntil = now + std::min(m_limits.firstRest * (1U << doublings), m_limits.longestRest);
        failAll(script, error);
    }
    if (host.state == State::Busy)
        answer(std::move(host.task.done), error);
    else if (error.code == ErrorCode::Timeout)
        failAll(script, error); // of a host that was killed while it read the script, those who wait try another one
    end(host);
}

void Schedule::failAll(Script& script, const Error& error)
{
    for (Task& task : std::exchange(script.queue, {}))
        answer(std::move(task.done), error);
    answer(script, error);
}

void Schedule::cannotStart(Error error, SteadyPoint now)
{
    qCWarning(lcScript, "a script host did not start: %s", error.message.c_str());
    if (++m_startFailures < kStartFailures)
        return;
    m_startAgainAt = now + kStartAgainAfter;
    m_startTrouble = std::move(error);
}

bool Schedule::take(Host& host, Frame frame, SteadyPoint now)
{
    switch (frame.kind) {
    case FrameKind::Ready:
        if (host.state != State::Starting || frame.body != LUTHIEN_VERSION)
            return false;
        m_startTrouble.reset();
        m_startFailures = 0;
        enter(host, State::Spare, now, SteadyPoint::duration::max());
        return true;
    case FrameKind::Loaded:
        return takeLoaded(host, frame, now);
    case FrameKind::Failed:
        return takeFailed(host, frame, now);
    case FrameKind::Returned:
        if (host.state != State::Busy || frame.job != host.job)
            return false;
        answer(std::move(host.task.done), std::move(frame.body));
        free(host, now);
        return true;
    case FrameKind::Load:
    case FrameKind::Run:
        break;
    }
    return false;
}

bool Schedule::takeLoaded(Host& host, const Frame& frame, SteadyPoint now)
{
    ScriptOutline outline;
    if (host.state != State::Loading || frame.body.size() != outline.defines.size())
        return false;
    for (std::size_t i = 0; i < outline.defines.size(); ++i)
        outline.defines.at(i) = frame.body[i] == '1';
    host.script->outline = outline;
    answer(*host.script, outline);
    enter(host, State::Idle, now, m_limits.idle);
    if (!host.script->queue.empty())
        give(host, now);
    return true;
}

bool Schedule::takeFailed(Host& host, const Frame& frame, SteadyPoint now)
{
    if (host.state == State::Loading) {
        Script& script = *host.script;
        failAll(script, thrownIn(frame.body));
        end(host);
        return true;
    }
    if (host.state != State::Busy || frame.job != host.job)
        return false;
    answer(std::move(host.task.done), thrownIn(frame.body));
    free(host, now);
    return true;
}

void Schedule::receive(Host& host, SteadyPoint now)
{
    Result<std::vector<Frame>> frames = host.process->receive();
    if (frames) {
        for (Frame& frame : *frames) {
            if (host.state != State::Ending && !take(host, std::move(frame), now))
                lose(host, unavailable("The script's process did not keep to the protocol."), now);
        }
        return;
    }
    if (frames.error().code != ErrorCode::Unavailable && host.state != State::Ending)
        return lose(host, unavailable("The script's process did not keep to the protocol."), now);
    if (frames.error().code != ErrorCode::Unavailable)
        return;
    const std::string how = host.process->reap();
    if (host.state != State::Ending)
        lose(host, unavailable("The script's process is gone: " + how + "."), now);
    m_hosts.remove_if([&](const Host& each) { return &each == &host; });
}

void Schedule::overdue(Host& host, SteadyPoint now)
{
    switch (host.state) {
    case State::Idle:
        return end(host);
    case State::Busy:
        return lose(
            host,
            {ErrorCode::Timeout, "The script was not done after " + inMilliseconds(host.task.call.timeout) + ".", {}},
            now);
    default:
        return lose(host,
                    {ErrorCode::Timeout,
                     host.state == State::Loading
                         ? "The script's top level was not done after " + inMilliseconds(m_limits.load) + "."
                         : "A script host was not ready after " + inMilliseconds(m_limits.start) + ".",
                     {}},
                    now);
    }
}

void Schedule::expire(Script& script, SteadyPoint now)
{
    while (!script.queue.empty() && script.queue.front().giveUpAt <= now) {
        answer(std::move(script.queue.front().done),
               unavailable("No process had time for the script within " + inMilliseconds(m_limits.queue) + "."));
        script.queue.pop_front();
    }
    if (!script.checks.empty() && script.checks.front().giveUpAt <= now)
        answer(script, unavailable("No process had time to check the script."));
}

Schedule::Host* Schedule::hostOf(const Script* script, State state)
{
    const auto found =
        std::ranges::find_if(m_hosts, [&](const Host& host) { return host.script == script && host.state == state; });
    return found == m_hosts.end() ? nullptr : &*found;
}

std::size_t Schedule::countOf(const Script& script) const
{
    return static_cast<std::size_t>(std::ranges::count(m_hosts, &script, &Host::script));
}

bool Schedule::needsHost(const Script& script)
{
    return (!script.queue.empty() || !script.checks.empty()) && !hostOf(&script, State::Loading) &&
           countOf(script) < m_limits.hostsOfScript;
}

void Schedule::serve(Script& script, SteadyPoint now)
{
    for (Host* idle = nullptr; !script.queue.empty() && (idle = hostOf(&script, State::Idle));)
        give(*idle, now);
    if (!needsHost(script))
        return;
    if (Host* spare = hostOf(nullptr, State::Spare))
        load(*spare, script, now);
    else if (m_startTrouble && countOf(script) == 0)
        failAll(script, *m_startTrouble);
}

void Schedule::advance(SteadyPoint now)
{
    if (now >= m_startAgainAt)
        m_startTrouble.reset();
    for (Host& host : m_hosts) {
        if (host.due <= now)
            overdue(host, now);
    }
    for (auto& [source, script] : m_scripts) {
        expire(script, now);
        serve(script, now);
    }
    forgetScripts(now);
}

void Schedule::forgetScripts(SteadyPoint now)
{
    std::erase_if(m_scripts, [&](const auto& known) {
        const Script& script = known.second;
        // One that lost hosts is kept for a while, or it would never have lost more than one.
        const bool isTrouble = script.losses > 0 && now < script.lostAt + 2 * m_limits.longestRest;
        return script.queue.empty() && script.checks.empty() && !isTrouble && countOf(script) == 0;
    });
    Host* spare = m_scripts.empty() ? hostOf(nullptr, State::Spare) : nullptr;
    if (spare)
        end(*spare);
}

bool Schedule::wantsHost(SteadyPoint now)
{
    // One more than is needed now is kept ready: a lost host costs those who wait for the next one little.
    if (m_scripts.empty() || (m_startTrouble && now < m_startAgainAt) || hostOf(nullptr, State::Starting) ||
        hostOf(nullptr, State::Spare))
        return false;
    if (m_hosts.size() < m_limits.hosts)
        return true;
    if (std::ranges::none_of(m_scripts, [&](const auto& known) { return needsHost(known.second); }) ||
        hostOf(nullptr, State::Ending))
        return false;
    Host* longest = nullptr;
    for (Host& host : m_hosts) {
        if (host.state == State::Idle && (!longest || host.since < longest->since))
            longest = &host;
    }
    if (longest)
        end(*longest);
    return false;
}

void Schedule::adopt(Result<std::unique_ptr<HostProcess>> started, SteadyPoint now)
{
    if (!started)
        return cannotStart(started.error(), now);
    m_metrics.add(Metric::ScriptHostsStarted);
    Host& host = m_hosts.emplace_back();
    host.process = *std::move(started);
    enter(host, State::Starting, now, m_limits.start);
}

SteadyPoint Schedule::due() const
{
    SteadyPoint due = m_startTrouble ? m_startAgainAt : SteadyPoint::max();
    for (const Host& host : m_hosts)
        due = std::min(due, host.due);
    for (const auto& [source, script] : m_scripts) {
        if (!script.queue.empty())
            due = std::min(due, script.queue.front().giveUpAt);
        if (!script.checks.empty())
            due = std::min(due, script.checks.front().giveUpAt);
    }
    return due;
}

void Schedule::stop()
{
    const Error error = unavailable("The program is stopping.");
    for (Host& host : m_hosts) {
        if (host.state == State::Busy)
            answer(std::move(host.task.done), error);
    }
    for (auto& [source, script] : m_scripts)
        failAll(script, error);
    m_hosts.clear();
    m_scripts.clear();
}

std::vector<std::function<void()>> Schedule::finished()
{
    return std::exchange(m_finished, {});
}

} // namespace luthien::script
