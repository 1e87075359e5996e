// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/clipboard.h"
#include "desktop/controllers/session_selection.h"
#include "store/session_marks.h"
#include "store/store.h"

#include <QObject>
#include <QQmlEngine>

#include <functional>
#include <vector>

namespace luthien::desktop {

/// Where sessions are marked and deleted; see store::Store. Both return at once.
struct SessionWrites
{
    std::function<void(std::string id, store::SessionMarks marks, store::WriteDone done)> mark;
    std::function<void(std::string id, store::WriteDone done)> remove;
};

/// What a person does with the sessions that are selected. What was done is told; marks can be taken back, a deletion
/// cannot and is asked first. Thread: GUI.
class SessionActions : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString notice READ notice NOTIFY noticeChanged FINAL)
    Q_PROPERTY(bool failed READ hasFailed NOTIFY noticeChanged FINAL)
    Q_PROPERTY(bool undoable READ isUndoable NOTIFY noticeChanged FINAL)
    Q_PROPERTY(QString question READ question NOTIFY questionChanged FINAL)
    Q_PROPERTY(QString explanation READ explanation NOTIFY questionChanged FINAL)
    Q_PROPERTY(QString note READ note NOTIFY questionChanged FINAL)
    Q_PROPERTY(QString client READ client NOTIFY questionChanged FINAL)
    Q_PROPERTY(QString model READ model NOTIFY questionChanged FINAL)

public:
    /// selection and clipboard outlive this.
    SessionActions(SessionSelection& selection, Clipboard& clipboard, SessionWrites writes, QObject* parent = nullptr);

    /// What was done, or why it was not; empty = nothing to tell.
    [[nodiscard]] QString notice() const { return m_notice; }
    [[nodiscard]] bool hasFailed() const noexcept { return m_hasFailed; }
    [[nodiscard]] bool isUndoable() const { return !m_before.empty(); }
    [[nodiscard]] QString question() const;
    [[nodiscard]] QString explanation() const;
    [[nodiscard]] QString note() const; ///< of the first one that has one
    /// What a filter asks for to find those like the only one; empty = it has none, or there are several. \{
    [[nodiscard]] QString client() const;
    [[nodiscard]] QString model() const;
    /// \}

    Q_INVOKABLE void pin(bool pinned);
    Q_INVOKABLE void label(const QString& label);
    Q_INVOKABLE void setNote(const QString& note);
    /// False if none of them can be deleted; the notice says why then.
    [[nodiscard]] Q_INVOKABLE bool mayRemove();
    Q_INVOKABLE void remove();
    Q_INVOKABLE void undo();
    Q_INVOKABLE void copyIds();
    Q_INVOKABLE void dismiss();

Q_SIGNALS:
    void noticeChanged();
    void questionChanged();

private:
    struct Marked
    {
        std::string id;
        store::SessionMarks marks;
    };
    /// Some sessions that are written together.
    struct Round
    {
        int open = 0;
        int done = 0;
        QString refusal; ///< of the last one that was refused
        QString told;    ///< if all went well; %1 = how many
    };
    void mark(const store::SessionMarks& marks, const QString& told);
    void send(const std::vector<Marked>& marks, const QString& told);
    [[nodiscard]] store::WriteDone answerTo(const std::shared_ptr<Round>& round);
    void take(Round& round, const Result<void>& written);
    void tell(const QString& notice, bool hasFailed);

    SessionSelection& m_selection;
    Clipboard& m_clipboard;
    SessionWrites m_writes;
    std::vector<Marked> m_before; ///< what the last marks took the place of
    QString m_notice;
    bool m_hasFailed = false;
};

} // namespace luthien::desktop
