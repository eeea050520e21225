import { Component, type ReactNode } from "react";
import { FailurePage } from "./pages/failure-page";

interface Props {
  readonly children: ReactNode;
  /** A change of this key (the address, say) tries again. */
  readonly resetKey?: string;
}

/** Catches what a page throws while it renders, and says so instead of leaving a white screen. */
export class ErrorBoundary extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error ?? new Error("Unknown failure") };
  }

  override componentDidUpdate(previous: Props) {
    if (this.state.error !== null && previous.resetKey !== this.props.resetKey) this.reset();
  }

  reset = () => this.setState({ error: null });

  override render() {
    if (this.state.error === null) return this.props.children;
    return <FailurePage error={this.state.error} onRetry={this.reset} />;
  }
}
