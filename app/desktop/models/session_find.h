// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/conversation_source.h"
#include "filter/word_query.h"

#include <QList>
#include <QObject>
#include <QQmlEngine>

namespace luthien::desktop {

class ConversationModel;

/// Finds words in a session: in the rows at hand, folded ones too, and beyond them in the record. Thread: GUI.
class SessionFind : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("of a conversation")
    Q_PROPERTY(QString words READ words WRITE setWords NOTIFY changed FINAL)
    Q_PROPERTY(QString status READ status NOTIFY changed FINAL)
    Q_PROPERTY(bool found READ isFound NOTIFY changed FINAL)

public:
    SessionFind(ConversationModel& model, ConversationSource& source);

    [[nodiscard]] QString words() const { return m_words; }
    /// "In 12 calls", "Nothing found", or what is wrong with the words.
    [[nodiscard]] QString status() const { return m_status; }
    [[nodiscard]] bool isFound() const noexcept { return !m_calls.empty(); }
    /// Begin and length in turn, of the words in a row's text.
    [[nodiscard]] QList<int> marksIn(const QString& text) const;
    [[nodiscard]] bool isActive() const noexcept { return !m_query.phrases.empty(); }

    void setWords(const QString& words);
    Q_INVOKABLE void next() { go(true); }
    Q_INVOKABLE void previous() { go(false); }
    /// Looks for the same words in the session that is shown now.
    void restart();

Q_SIGNALS:
    void changed();

private:
    void take(const FoundTextCalls& found);
    void go(bool forward);
    [[nodiscard]] bool goInWindow(int from, bool forward);
    void goBeyond(bool forward);
    [[nodiscard]] bool stands(std::string_view text) const;
    void setStatus(const QString& status);

    ConversationModel& m_model;
    ConversationSource& m_source;
    QString m_words;
    QString m_status;
    filter::WordQuery m_query;
    quint64 m_serial = 0;
    std::vector<std::pair<TimePoint, CallId>> m_calls; ///< oldest first
    bool m_hasMore = false;
};

} // namespace luthien::desktop
