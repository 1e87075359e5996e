// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/sessions_model.h"

#include <QObject>
#include <QQmlEngine>
#include <QTimer>

#include <map>
#include <vector>

namespace luthien::desktop {

/// The sessions that are marked in the list, at most kMost; they stay marked while they move. Thread: GUI.
class SessionSelection : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY changed FINAL)
    Q_PROPERTY(bool allPinned READ areAllPinned NOTIFY changed FINAL)
    Q_PROPERTY(QString size READ size NOTIFY changed FINAL)
    /// Grows with every change: what asks contains() follows it.
    Q_PROPERTY(int revision READ revision NOTIFY changed FINAL)

public:
    static constexpr int kMost = 500;

    /// model outlives this.
    explicit SessionSelection(SessionsModel& model, QObject* parent = nullptr);

    [[nodiscard]] int count() const { return static_cast<int>(m_sessions.size()); }
    [[nodiscard]] bool areAllPinned() const;
    [[nodiscard]] QString size() const; ///< "1.2 MB", of all of them
    [[nodiscard]] int revision() const noexcept { return m_revision; }
    [[nodiscard]] const std::map<QString, store::SessionRow>& sessions() const noexcept { return m_sessions; }

    [[nodiscard]] Q_INVOKABLE bool contains(const QString& id) const { return m_sessions.contains(id); }
    /// This one and no other.
    Q_INVOKABLE void choose(const QString& id);
    Q_INVOKABLE void toggle(const QString& id);
    /// All from the one chosen or toggled last to this row; those that have to be read first follow.
    Q_INVOKABLE void extendTo(int row);
    Q_INVOKABLE void clear();
    /// The session itself if nothing is marked, or something else is: what a menu at its row is about.
    Q_INVOKABLE void include(const QString& id);

Q_SIGNALS:
    void changed();
    /// More than kMost were to be marked.
    void cut();

private:
    void extend();
    void tell();
    void refresh(const store::SessionRow& session);

    SessionsModel& m_model;
    std::map<QString, store::SessionRow> m_sessions; ///< by id
    QString m_anchor;
    QString m_rangeEnd; ///< of a range with rows that are still to come; empty = none
    QTimer m_extendTimer;
    int m_revision = 0;
};

} // namespace luthien::desktop
