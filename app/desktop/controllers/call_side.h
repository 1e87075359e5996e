// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/call_detail_source.h"
#include "desktop/models/changed_lines.h"
#include "desktop/models/json_tree_model.h"

#include <QObject>
#include <QQmlEngine>
#include <QStringList>

#include <vector>

namespace luthien::desktop {

/// The request or the response of the call in the inspector: its head, and one of the forms of its body. A body is read
/// when somebody looks. Thread: GUI.
class CallSide : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString line READ line NOTIFY changed FINAL)
    Q_PROPERTY(QList<QString> headerNames READ headerNames NOTIFY changed FINAL)
    Q_PROPERTY(QList<QString> headerValues READ headerValues NOTIFY changed FINAL)
    Q_PROPERTY(QList<QString> choices READ choices NOTIFY changed FINAL)
    Q_PROPERTY(int choice READ choice NOTIFY changed FINAL)
    Q_PROPERTY(bool comparing READ isComparing NOTIFY changed FINAL)
    Q_PROPERTY(bool loading READ isLoading NOTIFY changed FINAL)
    Q_PROPERTY(QString notice READ notice NOTIFY changed FINAL)
    Q_PROPERTY(luthien::desktop::JsonTreeModel* tree READ tree CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::ChangedLines* differences READ differences CONSTANT FINAL)

public:
    enum class Side : std::uint8_t { Request, Response };

    /// The source outlives it.
    CallSide(CallDetailSource& source, Side side, QObject* parent = nullptr);

    /// Another call; nothing of it is read yet. token: what its answers carry.
    void begin(quint64 token, const CallDetail& detail);
    void clear();
    /// Somebody looks at it.
    Q_INVOKABLE void want();
    Q_INVOKABLE void choose(int choice);

    /// "POST /v1/messages", "200"
    [[nodiscard]] QString line() const { return m_line; }
    [[nodiscard]] QStringList headerNames() const { return m_names; }
    [[nodiscard]] QStringList headerValues() const { return m_values; }
    [[nodiscard]] QStringList choices() const;
    [[nodiscard]] int choice() const noexcept { return m_choice; }
    /// The choice shows how two bodies differ, in differences.
    [[nodiscard]] bool isComparing() const;
    [[nodiscard]] bool isLoading() const noexcept { return m_isWanted && !m_missing.empty(); }
    /// What is to be said in place of a body.
    [[nodiscard]] QString notice() const { return m_notice; }
    [[nodiscard]] JsonTreeModel* tree() { return &m_tree; }
    [[nodiscard]] ChangedLines* differences() { return &m_differences; }

Q_SIGNALS:
    void changed();

private:
    /// A form of the body and the texts it takes: two = how they differ.
    struct Form
    {
        QString name;
        std::vector<CallText> texts;
    };
    void readHead(const CallDetail& detail);
    void take(CallText which, const std::shared_ptr<const std::string>& text);
    void show();

    CallDetailSource& m_source;
    const Side m_side;
    quint64 m_token = 0;
    CallId m_call;
    bool m_isWanted = false;
    bool m_isStream = false;
    QString m_line;
    QStringList m_names;
    QStringList m_values;
    QString m_notice;
    std::vector<Form> m_forms;
    int m_choice = 0;
    std::vector<CallText> m_missing; ///< asked for
    std::vector<std::pair<CallText, std::shared_ptr<const std::string>>> m_texts;
    JsonTreeModel m_tree;
    ChangedLines m_differences;
};

} // namespace luthien::desktop
