// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QPointer>
#include <QQmlEngine>
#include <QQmlParserStatus>

Q_MOC_INCLUDE("desktop/models/command_book.h")

namespace luthien::desktop {

class CommandBook;

/// One thing a person can do in the window. A page declares its own beside what they act on; from then on, for as long
/// as they exist, the palette finds them, their keys work, and the list of keys names them. Thread: GUI.
class Command : public QObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(luthien::desktop::CommandBook* book READ book WRITE setBook NOTIFY changed FINAL REQUIRED)
    Q_PROPERTY(QString name READ name WRITE setName NOTIFY changed FINAL)
    Q_PROPERTY(QString text READ text WRITE setText NOTIFY changed FINAL)
    Q_PROPERTY(QString group READ group WRITE setGroup NOTIFY changed FINAL)
    Q_PROPERTY(QString keys READ keys WRITE setKeys NOTIFY changed FINAL)
    Q_PROPERTY(bool enabled READ isEnabled WRITE setEnabled NOTIFY changed FINAL)
    Q_PROPERTY(bool onlyKeys READ isOnlyKeys WRITE setOnlyKeys NOTIFY changed FINAL)

public:
    using QObject::QObject;
    ~Command() override;

    /// A command that QML makes is in the book once it is whole.
    [[nodiscard]] CommandBook* book() const { return m_book; }
    void setBook(CommandBook* book);
    /// Stable and unique, "session.export": the palette remembers by it what was done last.
    [[nodiscard]] QString name() const { return m_name; }
    void setName(const QString& name);
    /// "Export this session"; not from outside unless through visibleText().
    [[nodiscard]] QString text() const { return m_text; }
    void setText(const QString& text);
    /// Where it belongs, the heading in the list of keys: "Conversation".
    [[nodiscard]] QString group() const { return m_group; }
    void setGroup(const QString& group);
    /// A key sequence of Qt, "Ctrl+E", or empty; for onlyKeys any words, "J, K".
    [[nodiscard]] QString keys() const { return m_keys; }
    void setKeys(const QString& keys);
    /// Whether it can be done now. A page's own are enabled while the page is shown.
    [[nodiscard]] bool isEnabled() const noexcept { return m_enabled; }
    void setEnabled(bool enabled);
    /// Keys that an item handles itself while it has the keyboard: they are only named.
    [[nodiscard]] bool isOnlyKeys() const noexcept { return m_onlyKeys; }
    void setOnlyKeys(bool onlyKeys);

    /// Does it, if it is enabled.
    Q_INVOKABLE void trigger();

    void classBegin() override { m_isWhole = false; }
    void componentComplete() override;

Q_SIGNALS:
    void changed();
    void triggered();

private:
    template <typename Value>
    void set(Value& member, const Value& value);

    QPointer<CommandBook> m_book;
    QString m_name;
    QString m_text;
    QString m_group;
    QString m_keys;
    bool m_enabled = true;
    bool m_onlyKeys = false;
    bool m_isWhole = true;
};

} // namespace luthien::desktop
