export declare const hasHermesForThisMachine: boolean
export declare function findHermes(): string | undefined
