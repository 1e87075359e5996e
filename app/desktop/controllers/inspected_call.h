// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/call_side.h"
#include "desktop/models/call_timing.h"
#include "desktop/models/chain_steps.h"
#include "desktop/models/hex_rows.h"
#include "desktop/models/raw_events.h"
#include "live/live_hub.h"

#include <QObject>
#include <QQmlEngine>

namespace luthien::desktop {

/// The call in the inspector: what is known of it, and what policies said. Its bodies and events are read when somebody
/// looks at them. Thread: GUI.
class InspectedCall : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString callId READ callId NOTIFY changed FINAL)
    Q_PROPERTY(bool loaded READ isLoaded NOTIFY changed FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)
    Q_PROPERTY(QString title READ title NOTIFY changed FINAL)
    Q_PROPERTY(QString place READ place NOTIFY changed FINAL)
    Q_PROPERTY(int tone READ tone NOTIFY changed FINAL)
    Q_PROPERTY(QString verdict READ verdict NOTIFY changed FINAL)
    Q_PROPERTY(QList<QString> factNames READ factNames NOTIFY changed FINAL)
    Q_PROPERTY(QList<QString> factValues READ factValues NOTIFY changed FINAL)
    Q_PROPERTY(QString originalCall READ originalCall NOTIFY changed FINAL)
    Q_PROPERTY(QString originalSession READ originalSession NOTIFY changed FINAL)
    Q_PROPERTY(int resends READ resends NOTIFY changed FINAL)
    Q_PROPERTY(QString resentSession READ resentSession NOTIFY changed FINAL)
    Q_PROPERTY(QString judgedTitle READ judgedTitle NOTIFY changed FINAL)
    Q_PROPERTY(QString tool READ tool NOTIFY changed FINAL)
    Q_PROPERTY(bool eventsLoaded READ areEventsLoaded NOTIFY eventsChanged FINAL)
    Q_PROPERTY(int eventSeq READ eventSeq NOTIFY eventsChanged FINAL)
    Q_PROPERTY(luthien::desktop::ChainSteps* steps READ steps CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::JsonTreeModel* judged READ judged CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::CallSide* request READ request CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::CallSide* response READ response CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::RawEvents* events READ events CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::JsonTreeModel* eventText READ eventText CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::HexRows* eventBytes READ eventBytes CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::CallTiming* timing READ timing CONSTANT FINAL)

public:
    /// Forms a call can be copied in; the values of CallForm.
    enum Form { Curl, Json, Markdown };
    Q_ENUM(Form)

    /// Both outlive it. address: of the proxy, for commands.
    InspectedCall(CallDetailSource& source, const PolicySource& policies, QString address, QObject* parent = nullptr);

    /// Empty = none.
    Q_INVOKABLE void show(const QString& callId);
    /// Somebody looks at the events; they are read to the last.
    Q_INVOKABLE void wantEvents();
    Q_INVOKABLE void openEvent(int row);
    /// formReady() follows.
    Q_INVOKABLE void copyAs(luthien::desktop::InspectedCall::Form form);
    void applyLive(const live::LiveBatch& batch);

    [[nodiscard]] QString callId() const { return m_callId; }
    [[nodiscard]] bool isLoaded() const noexcept { return m_detail != nullptr; }
    [[nodiscard]] QString problem() const { return m_problem; }
    /// The tool the verdict is about, else the model.
    [[nodiscard]] QString title() const;
    /// "Call 39 of 41  ·  14:34:18"
    [[nodiscard]] QString place() const;
    [[nodiscard]] int tone() const { return static_cast<int>(m_worst.tone); }
    /// One word; empty = no policy said anything.
    [[nodiscard]] QString verdict() const { return m_worst.detail; }
    [[nodiscard]] QStringList factNames() const { return m_factNames; }
    [[nodiscard]] QStringList factValues() const { return m_factValues; }
    /// The call this one was sent again from, and its session; empty = none that is still there. \{
    [[nodiscard]] QString originalCall() const;
    [[nodiscard]] QString originalSession() const;
    /// \}
    /// How often this one was sent again, and the session of those calls. \{
    [[nodiscard]] int resends() const;
    [[nodiscard]] QString resentSession() const;
    /// \}
    /// What judged() shows; empty = nothing.
    [[nodiscard]] QString judgedTitle() const { return m_judgedTitle; }
    /// The tool a policy spoke about; empty = none.
    [[nodiscard]] QString tool() const;
    [[nodiscard]] bool areEventsLoaded() const noexcept { return m_areEventsLoaded; }
    /// Of the event that is open; -1 = none.
    [[nodiscard]] int eventSeq() const noexcept { return m_eventSeq; }
    /// Null before it is loaded.
    [[nodiscard]] const CallDetail* detail() const noexcept { return m_detail.get(); }

    [[nodiscard]] ChainSteps* steps() { return &m_steps; }
    [[nodiscard]] JsonTreeModel* judged() { return &m_judged; }
    [[nodiscard]] CallSide* request() { return &m_request; }
    [[nodiscard]] CallSide* response() { return &m_response; }
    [[nodiscard]] RawEvents* events() { return &m_events; }
    [[nodiscard]] JsonTreeModel* eventText() { return &m_eventText; }
    [[nodiscard]] HexRows* eventBytes() { return &m_eventBytes; }
    [[nodiscard]] CallTiming* timing() { return &m_timing; }

Q_SIGNALS:
    void changed();
    void eventsChanged();
    void formReady(luthien::desktop::InspectedCall::Form form, const QString& text);

private:
    void connectSource();
    void reload();
    void take(const std::shared_ptr<const CallDetail>& detail);
    void takeEvents(const std::vector<EventBrief>& events, bool more);
    void showJudged();
    void addFact(const QString& name, const QString& value);
    void gatherFacts();

    CallDetailSource& m_source;
    const PolicySource& m_policies;
    const QString m_address;
    quint64 m_token = 0;
    QString m_callId;
    CallId m_call;
    QString m_problem;
    std::shared_ptr<const CallDetail> m_detail;
    ConversationRow m_worst;
    QStringList m_factNames;
    QStringList m_factValues;
    QString m_judgedTitle;
    bool m_areEventsWanted = false;
    bool m_areEventsLoaded = false;
    int m_eventSeq = -1;
    ChainSteps m_steps;
    JsonTreeModel m_judged;
    CallSide m_request;
    CallSide m_response;
    RawEvents m_events;
    JsonTreeModel m_eventText;
    HexRows m_eventBytes;
    CallTiming m_timing;
};

} // namespace luthien::desktop
