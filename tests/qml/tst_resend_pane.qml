// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Inspector

TestCase {
    id: root

    name: "ResendPane"
    width: 800
    height: 600
    when: windowShown
    visible: true

    ResendPane {
        id: pane

        anchors.fill: parent
        resend: fixture.inspector.resend
        clipboard: fixture.clipboard
    }

    readonly property ResendForm form: findChild(pane, "resendForm")

    SignalSpy {
        id: closed

        target: pane
        signalName: "closed"
    }

    SignalSpy {
        id: sessions

        target: pane
        signalName: "sessionWanted"
    }

    function init() {
        closed.clear();
        sessions.clear();
        form.withDraft = false;
        fixture.inspector.openResend();
        pane.forceActiveFocus();
        waitForRendering(pane);
    }

    function cleanup() {
        fixture.inspector.endDraft();
        pane.resend.close();
        compare(fixture.fetches, 0);
    }

    function test_theKeyIsUsedOnceAndForgotten() {
        const key = findChild(pane, "resendKey");
        verify(key.visible);
        key.forceActiveFocus();
        for (const letter of "sk1")
            keyClick(letter);
        keyClick(Qt.Key_Return);
        verify(fixture.inspector.sent().indexOf("x-api-key: sk1\r\n") > 0);
        compare(key.text, "");
        verify(fixture.inspector.sent().indexOf("luthien-trial") < 0);
        verify(!findChild(pane, "sendAgain").enabled);
        fixture.inspector.answerResent("");
        tryVerify(() => findChild(pane, "sendAgain").enabled);
    }

    function test_whatTakesTooLongIsStopped() {
        const key = findChild(pane, "resendKey");
        key.forceActiveFocus();
        keyClick("k");
        keyClick(Qt.Key_Return);
        const stop = findChild(pane, "stopSending");
        tryCompare(stop, "visible", true);
        stop.forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Space);
        tryCompare(pane.resend, "running", false);
        verify(!stop.visible);
    }

    function test_aDraftIsOfferedWhereThereIsOne() {
        const choice = findChild(pane, "resendPolicies");
        verify(!choice.visible);
        verify(findChild(pane, "resendUnder").text.indexOf("Policies") > 0);
        fixture.inspector.beginDraft();
        verify(choice.visible);
        compare(choice.current, 0);
        verify(findChild(pane, "resendUnder").text.indexOf(fixture.hostile) > 0);
        findChild(choice, "resendPolicies.0").forceActiveFocus();
        keyClick(Qt.Key_Right);
        keyClick(Qt.Key_Space);
        compare(choice.current, 1);
        findChild(pane, "sendAgain").forceActiveFocus();
        keyClick(Qt.Key_Return);
        verify(fixture.inspector.sent().indexOf("x-luthien-trial: the-token\r\n") > 0);
    }

    function test_aDraftThatIsGoneIsNotSentUnder() {
        fixture.inspector.beginDraft();
        form.withDraft = true;
        fixture.inspector.endDraft();
        mouseClick(findChild(pane, "sendAgain"));
        verify(fixture.inspector.sent().indexOf("luthien-trial") < 0);
    }

    function test_theNewReplyStandsBesideTheOldOneAndLeadsToItsCall() {
        fixture.inspector.beginDraft();
        form.withDraft = true;
        mouseClick(findChild(pane, "sendAgain"));
        verify(!pane.isDone);
        fixture.inspector.answerResent("draft of sql");
        verify(pane.isDone);
        tryCompare(findChild(pane, "resendReply.1"), "title", "New, under the draft of sql");
        compare(findChild(pane, "resendReply.0").title, "Original");
        findChild(pane, "openResent").forceActiveFocus();
        keyClick(Qt.Key_Space);
        compare(sessions.count, 1);
        compare(sessions.signalArguments[0][0], "resent-session");
    }

    function test_escapeCloses() {
        keyClick(Qt.Key_Escape);
        compare(closed.count, 1);
    }
}
