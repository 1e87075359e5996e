// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/replay.h"

#include "desktop/models/visible_text.h"

#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
constexpr auto kFrame = 16ms;
constexpr std::array kSpeeds{0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0};
constexpr int kNormalSpeed = 2;

QString clockOf(std::chrono::microseconds time)
{
    const auto tenths = time.count() / 100'000;
    return u"%1:%2.%3"_s.arg(tenths / 600).arg(tenths / 10 % 60, 2, 10, QLatin1Char('0')).arg(tenths % 10);
}
} // namespace

/// What a conversation reads of a session that has one call, which is being played.
class Replay::Stage final : public ConversationSource
{
public:
    explicit Stage(Replay& replay)
        : m_replay(replay)
        , m_conversation(*this)
    {
    }

    void loadCalls(const CallsRequest& request) override
    {
        answer([this, request] {
            auto loaded = std::make_shared<LoadedCalls>();
            loaded->request = request;
            Q_EMIT callsLoaded(loaded);
        });
    }

    void loadCall(quint64 token, CallId call) override
    {
        answer([this, token, call] {
            const auto& recording = m_replay.m_recording;
            if (recording && recording->opened.call == call)
                Q_EMIT callLoaded(token, std::make_shared<CallView>(recording->request));
        });
    }

    void loadPlaces(quint64 token, const std::string&, const CallScope&, std::optional<store::Cursor>) override
    {
        answer([this, token] {
            auto loaded = std::make_shared<LoadedPlaces>();
            loaded->token = token;
            Q_EMIT placesLoaded(loaded);
        });
    }

    // There is one call, and it is on the stage.
    void findCall(const CallSearch& search) override
    {
        answer([this, search] { Q_EMIT callFound(std::make_shared<FoundCall>(FoundCall{.search = search})); });
    }

    void findTexts(const TextRequest& request) override
    {
        answer([this, request] {
            Q_EMIT textsFound(std::make_shared<FoundTextCalls>(FoundTextCalls{.request = request}));
        });
    }

    [[nodiscard]] ConversationModel& conversation() { return m_conversation; }

private:
    /// Later, as every source does.
    template <typename Function>
    void answer(Function function)
    {
        QMetaObject::invokeMethod(this, std::move(function), Qt::QueuedConnection);
    }

    Replay& m_replay;
    ConversationModel m_conversation;
};

Replay::Replay(RecordingSource& source, const Clock& clock, QObject* parent)
    : QObject(parent)
    , m_source(source)
    , m_clock(clock)
    , m_speed(kNormalSpeed)
    , m_stage(std::make_unique<Stage>(*this))
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(kFrame);
    connect(&m_timer, &QTimer::timeout, this, &Replay::advance);
    connect(&source, &RecordingSource::recordingLoaded, this,
            [this](quint64 token, const std::shared_ptr<const Recording>& recording) {
                if (token == m_token)
                    take(recording);
            });
    connect(&source, &RecordingSource::failed, this, [this](quint64 token, const QString& problem) {
        if (token != m_token)
            return;
        m_problem = problem;
        Q_EMIT changed();
    });
}

Replay::~Replay() = default;

ConversationModel* Replay::conversation()
{
    return &m_stage->conversation();
}

void Replay::open(const QString& callId)
{
    close();
    const auto call = CallId::parse(callId.toStdString());
    if (!call)
        return;
    m_callId = callId;
    m_source.loadRecording(m_token, *call);
    Q_EMIT changed();
}

void Replay::close()
{
    ++m_token;
    m_timer.stop();
    m_callId.clear();
    m_problem.clear();
    m_recording.reset();
    m_at = {};
    m_stage->conversation().open({});
    Q_EMIT changed();
    Q_EMIT moved();
}

void Replay::take(std::shared_ptr<const Recording> recording)
{
    m_recording = std::move(recording);
    begin();
    showUntil(0us);
    play();
}

/// Sets the stage: the call is open, what it asks is shown, and nothing has come yet.
void Replay::begin()
{
    m_at = {};
    m_next = 0;
    ConversationModel& conversation = m_stage->conversation();
    live::Opened opened = m_recording->opened;
    if (opened.identity.session.empty())
        opened.identity.session = "replay";
    conversation.open(QString::fromStdString(opened.identity.session));
    live::Committed committed;
    committed.calls.push_back({.id = opened.call, .session = opened.identity.session});
    conversation.applyLive({.events = {opened, committed}});
}

void Replay::showUntil(std::chrono::microseconds at)
{
    live::LiveBatch batch;
    const std::vector<Recording::Step>& steps = m_recording->steps;
    for (; m_next < steps.size() && steps[m_next].at <= at; ++m_next)
        batch.events.push_back(steps[m_next].event);
    m_at = std::min(at, m_recording->length);
    if (!batch.events.empty())
        m_stage->conversation().applyLive(batch);
    Q_EMIT moved();
}

void Replay::play()
{
    if (!m_recording || isPlaying())
        return;
    if (m_at >= m_recording->length && m_recording->length > 0us) {
        begin();
        showUntil(0us);
    }
    m_since = m_clock.steady();
    m_timer.start();
    Q_EMIT changed();
}

void Replay::pause()
{
    if (!isPlaying())
        return;
    advance();
    m_timer.stop();
    Q_EMIT changed();
}

void Replay::advance()
{
    if (!m_recording || !isPlaying())
        return;
    const SteadyPoint now = m_clock.steady();
    const auto passed =
        std::chrono::duration<double, std::micro>(now - m_since) * kSpeeds[static_cast<std::size_t>(m_speed)];
    m_since = now;
    showUntil(m_at + std::chrono::microseconds(std::llround(passed.count())));
    if (m_at < m_recording->length)
        return;
    m_timer.stop();
    Q_EMIT changed();
}

void Replay::seek(double share)
{
    if (!m_recording)
        return;
    const auto at = std::chrono::microseconds(
        std::llround(std::clamp(share, 0.0, 1.0) * static_cast<double>(m_recording->length.count())));
    if (at < m_at)
        begin();
    showUntil(at);
    m_since = m_clock.steady();
}

void Replay::setSpeed(int speed)
{
    if (speed < 0 || speed >= static_cast<int>(kSpeeds.size()) || speed == m_speed)
        return;
    advance();
    m_speed = speed;
    Q_EMIT changed();
}

QStringList Replay::speeds() const
{
    QStringList words;
    for (const double speed : kSpeeds)
        words << QLocale().toString(speed) + u'×';
    return words;
}

QString Replay::title() const
{
    return m_recording ? visibleText(m_recording->opened.model) : QString();
}

double Replay::share() const
{
    if (!m_recording || m_recording->length == 0us)
        return 0;
    return static_cast<double>(m_at.count()) / static_cast<double>(m_recording->length.count());
}

QString Replay::timeText() const
{
    return clockOf(m_at);
}

QString Replay::lengthText() const
{
    return m_recording ? clockOf(m_recording->length) : QString();
}

} // namespace luthien::desktop
