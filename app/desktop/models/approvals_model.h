// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "desktop/models/approval_texts.h"

#include <QAbstractListModel>
#include <QQmlEngine>

#include <vector>

namespace luthien::desktop {

/// The calls that wait for a person, in the order they came. New ones come at the end; one that is over stays where it
/// is as long as the list is held, so that nothing moves under a pointer. Thread: GUI.
class ApprovalsModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)
    Q_PROPERTY(int waiting READ waiting NOTIFY countChanged FINAL)
    Q_PROPERTY(bool held READ isHeld WRITE setHeld NOTIFY heldChanged FINAL)

public:
    enum Role {
        IdRole = Qt::UserRole + 1,
        ToolRole,
        SummaryRole,
        OriginRole,
        PolicyRole,
        StateRole,
        OutcomeRole,
        SecondsLeftRole,
        ClockStandsRole,
    };

    /// The clock outlives the model.
    explicit ApprovalsModel(const Clock& clock, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    /// Rows, with those that are over and still stand there.
    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_rows.size()); }
    [[nodiscard]] int waiting() const noexcept { return m_waiting; }
    /// While a pointer is over the list. Let go, it drops what is over.
    [[nodiscard]] bool isHeld() const noexcept { return m_isHeld; }
    void setHeld(bool held);
    /// One that is over and is kept even so: it is being looked at. Nil = none.
    void keep(const CallId& id);

    /// A question as it stands now.
    void take(const policy::Approval& approval);
    /// Seconds have passed.
    void passTime();
    /// Null if it is not in the list.
    [[nodiscard]] const policy::Approval* find(const CallId& id) const;
    /// The first that waits behind that one, else the first that waits at all; null = nothing waits.
    [[nodiscard]] const policy::Approval* nextWaiting(const CallId& after = {}) const;
    /// A row's neighbour, whether it waits or not; null at the ends.
    [[nodiscard]] const policy::Approval* neighbour(const CallId& id, int step) const;
    [[nodiscard]] Q_INVOKABLE int rowOf(const QString& id) const;
    [[nodiscard]] int secondsLeft(const policy::Approval& approval) const;

Q_SIGNALS:
    void countChanged();
    void heldChanged();

private:
    struct Row
    {
        policy::Approval approval;
        QString tool, summary, origin, policy;
    };
    [[nodiscard]] std::ptrdiff_t indexOf(const CallId& id) const;
    void dropWhatIsOver();

    const Clock& m_clock;
    std::vector<Row> m_rows;
    CallId m_kept;
    int m_waiting = 0;
    bool m_isHeld = false;
};

} // namespace luthien::desktop
